//! Values, columns, operators, and what is made of them.

use sqlparser::ast::{
    AccessExpr, Array, BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DataType, DateTimeField,
    Expr, ExtractSyntax, Interval, LambdaFunction, LambdaFunctionParameter, LambdaSyntax,
    OneOrManyWithParens, Subscript, TimezoneInfo, TypedString, UnaryOperator, Value, ValueWithSpan,
};

use super::data_types;
use super::fence::Fence;
use super::names;
use super::refusal::{Checked, absent, not_allowed};

impl Fence {
    /// An expression, wherever one may stand.
    pub(super) fn expr(&mut self, expr: &mut Expr) -> Checked {
        match expr {
            Expr::Identifier(name) => names::quote(name),
            Expr::CompoundIdentifier(parts) => parts.iter_mut().try_for_each(names::quote),
            Expr::CompoundFieldAccess { root, access_chain } => {
                self.expr(root)?;
                access_chain
                    .iter_mut()
                    .try_for_each(|access| self.access(access))
            }
            Expr::Value(value) => literal(value),
            Expr::TypedString(text) => typed(text),
            Expr::Nested(inner) | Expr::IsNull(inner) | Expr::IsNotNull(inner) => self.expr(inner),
            Expr::UnaryOp { op, expr } => {
                absent(
                    matches!(op, UnaryOperator::Minus | UnaryOperator::Not),
                    "this sign before a value",
                    "write - or NOT",
                )?;
                self.expr(expr)
            }
            Expr::BinaryOp { left, op, right } => {
                operator(op)?;
                self.expr(left)?;
                self.expr(right)
            }
            Expr::Between {
                expr,
                negated: _,
                low,
                high,
            } => {
                self.expr(expr)?;
                self.expr(low)?;
                self.expr(high)
            }
            Expr::Like {
                negated: _,
                any,
                expr,
                pattern,
                escape_char,
            }
            | Expr::ILike {
                negated: _,
                any,
                expr,
                pattern,
                escape_char,
            } => {
                absent(
                    !*any && escape_char.is_none(),
                    "ANY or ESCAPE",
                    "leave it out",
                )?;
                self.expr(expr)?;
                self.expr(pattern)
            }
            Expr::InList {
                expr,
                list,
                negated: _,
            } => {
                self.expr(expr)?;
                list.iter().try_for_each(no_name)?;
                self.exprs(list)
            }
            Expr::InSubquery {
                expr,
                subquery,
                negated: _,
            } => {
                self.expr(expr)?;
                self.query(subquery)
            }
            Expr::Exists {
                subquery,
                negated: _,
            }
            | Expr::Subquery(subquery) => self.query(subquery),
            Expr::Case {
                case_token: _,
                end_token: _,
                operand,
                conditions,
                else_result,
            } => {
                for inner in [operand, else_result].into_iter().flatten() {
                    self.expr(inner)?;
                }
                conditions.iter_mut().try_for_each(|case| {
                    let CaseWhen { condition, result } = case;
                    self.expr(condition)?;
                    self.expr(result)
                })
            }
            Expr::Cast {
                kind,
                expr,
                data_type,
                format,
            } => {
                let is_known = matches!(kind, CastKind::Cast | CastKind::DoubleColon);
                absent(
                    is_known && format.is_none(),
                    "this cast",
                    "write CAST(x AS Type)",
                )?;
                data_types::known(data_type)?;
                self.expr(expr)
            }
            Expr::Function(function) => self.function(function),
            Expr::Lambda(lambda) => self.lambda(lambda),
            Expr::Tuple(members) => self.exprs(members),
            Expr::Array(Array { elem, named }) => {
                absent(!*named, "ARRAY before [", "leave it out")?;
                self.exprs(elem)
            }
            Expr::GroupingSets(sets) | Expr::Cube(sets) | Expr::Rollup(sets) => {
                sets.iter_mut().try_for_each(|set| self.exprs(set))
            }
            Expr::Interval(interval) => self.interval(interval),
            other => self.spelled_as_function(other),
        }
    }

    /// Functions that have a syntax of their own.
    fn spelled_as_function(&mut self, expr: &mut Expr) -> Checked {
        match expr {
            Expr::Substring {
                expr,
                substring_from,
                substring_for,
                special: _,
                shorthand: _,
            } => {
                self.expr(expr)?;
                for inner in [substring_from, substring_for].into_iter().flatten() {
                    self.expr(inner)?;
                }
                Ok(())
            }
            Expr::Trim {
                trim_where: _,
                trim_what,
                expr,
                trim_characters,
            } => {
                absent(
                    trim_characters.is_none(),
                    "characters after trim(x,",
                    "write trim(x)",
                )?;
                for inner in trim_what.iter_mut() {
                    self.expr(inner)?;
                }
                self.expr(expr)
            }
            Expr::Ceil { expr, field } | Expr::Floor { expr, field } => {
                match field {
                    CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => {}
                    CeilFloorKind::Scale(digits) => literal(digits)?,
                    CeilFloorKind::DateTimeField(_) => {
                        return Err(not_allowed("TO in ceil or floor", "write toStartOf...(x)"));
                    }
                }
                self.expr(expr)
            }
            Expr::Extract {
                field,
                syntax,
                expr,
            } => {
                let is_known = matches!(syntax, ExtractSyntax::From) && is_unit(field);
                absent(
                    is_known,
                    "this in extract",
                    "write EXTRACT(HOUR FROM x), or toHour(x)",
                )?;
                self.expr(expr)
            }
            _ => Err(not_allowed(
                format!("`{}`", names::told(&expr.to_string())),
                "write it with columns, values, operators and functions; placeholders are not known here",
            )),
        }
    }

    fn access(&mut self, access: &mut AccessExpr) -> Checked {
        match access {
            AccessExpr::Dot(Expr::Identifier(name)) => names::quote(name),
            AccessExpr::Subscript(Subscript::Index { index }) => self.expr(index),
            AccessExpr::Dot(_) | AccessExpr::Subscript(Subscript::Slice { .. }) => {
                Err(not_allowed(
                    "this way into a value",
                    "write x[1], x.name, tupleElement(x, 1) or arraySlice(x, 1, 2)",
                ))
            }
        }
    }

    fn lambda(&mut self, lambda: &mut LambdaFunction) -> Checked {
        let LambdaFunction {
            params,
            body,
            syntax,
        } = lambda;
        absent(
            matches!(syntax, LambdaSyntax::Arrow),
            "LAMBDA",
            "write x -> ...",
        )?;
        let params = match params {
            OneOrManyWithParens::One(one) => std::slice::from_mut(one),
            OneOrManyWithParens::Many(many) => many.as_mut_slice(),
        };
        for LambdaFunctionParameter { name, data_type } in params {
            absent(data_type.is_none(), "a type before ->", "leave it out")?;
            names::quote(name)?;
        }
        self.expr(body)
    }

    fn interval(&mut self, interval: &mut Interval) -> Checked {
        let Interval {
            value,
            leading_field,
            leading_precision,
            last_field,
            fractional_seconds_precision,
        } = interval;
        let is_one_unit = leading_field.as_ref().is_some_and(is_unit)
            && leading_precision.is_none()
            && last_field.is_none()
            && fractional_seconds_precision.is_none();
        absent(is_one_unit, "this interval", "write INTERVAL 5 MINUTE")?;
        self.expr(value)
    }
}

/// After IN, ClickHouse takes a name for that of a table, and reads it.
fn no_name(element: &Expr) -> Checked {
    match element {
        Expr::Nested(inner) => no_name(inner),
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::CompoundFieldAccess { .. } => {
            Err(not_allowed(
                format!(
                    "`IN {}`, which reads a table of that name",
                    names::told(&element.to_string())
                ),
                "write IN (SELECT ...), has(array, x), or x = y",
            ))
        }
        _ => Ok(()),
    }
}

/// Numbers, plain strings, true, false and NULL.
pub(super) fn literal(value: &ValueWithSpan) -> Checked {
    let ValueWithSpan { value, span: _ } = value;
    match value {
        Value::Number(digits, is_long) => {
            let is_plain = |each: char| each.is_ascii_digit() || ".eE+-_".contains(each);
            absent(
                !*is_long && digits.chars().all(is_plain),
                "this number",
                "write digits",
            )
        }
        Value::SingleQuotedString(_) | Value::Boolean(_) | Value::Null => Ok(()),
        Value::Placeholder(_) => Err(not_allowed(
            "a placeholder",
            "write the value into the query",
        )),
        _ => Err(not_allowed(
            "this way to write a text",
            "write it between single quotes",
        )),
    }
}

fn typed(text: &TypedString) -> Checked {
    let TypedString {
        data_type,
        value,
        uses_odbc_syntax,
    } = text;
    let is_known = matches!(
        data_type,
        DataType::Date | DataType::Timestamp(None, TimezoneInfo::None)
    );
    absent(
        is_known && !*uses_odbc_syntax,
        "a type before a text",
        "write toDateTime64('...', 3, 'UTC')",
    )?;
    literal(value)
}

fn operator(op: &BinaryOperator) -> Checked {
    use BinaryOperator as Op;
    match op {
        Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo | Op::StringConcat => Ok(()),
        Op::Gt | Op::Lt | Op::GtEq | Op::LtEq | Op::Eq | Op::NotEq | Op::And | Op::Or => Ok(()),
        other => Err(not_allowed(
            format!("the operator `{}`", names::told(&other.to_string())),
            "write a function",
        )),
    }
}

/// Units of time that ClickHouse has.
fn is_unit(field: &DateTimeField) -> bool {
    use DateTimeField as Unit;
    matches!(
        field,
        Unit::Year
            | Unit::Years
            | Unit::Quarter
            | Unit::Month
            | Unit::Months
            | Unit::Week(None)
            | Unit::Weeks
            | Unit::Day
            | Unit::Days
            | Unit::Hour
            | Unit::Hours
            | Unit::Minute
            | Unit::Minutes
            | Unit::Second
            | Unit::Seconds
            | Unit::Millisecond
            | Unit::Milliseconds
    )
}
