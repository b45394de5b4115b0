//! What stands after FROM: views, subqueries, their joins, and arrays.

use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, Ident, Join, JoinConstraint, JoinOperator, ObjectName,
    ObjectNamePart, TableAlias, TableFactor, TableFunctionArgs, TableWithJoins,
};
use sqlparser::dialect::ClickHouseDialect;
use sqlparser::parser::{Parser, ParserOptions};

use super::fence::Fence;
use super::functions;
use super::names::{self, told};
use super::refusal::{Checked, SqlRefusal, absent, not_allowed};
use super::views::{self, Needs, VIEWS};

impl Fence {
    /// The parser takes the second array after ARRAY JOIN for a further relation; ClickHouse does not.
    pub(super) fn from(&mut self, from: &mut [TableWithJoins]) -> Checked {
        let mut lists_arrays = false;
        for TableWithJoins { relation, joins } in from {
            if lists_arrays {
                self.array(relation)?;
            } else {
                self.relation(relation)?;
            }
            for join in joins {
                lists_arrays = self.join(join)?;
            }
        }
        Ok(())
    }

    /// Whether it was an ARRAY JOIN.
    fn join(&mut self, join: &mut Join) -> Result<bool, SqlRefusal> {
        let Join {
            relation,
            global,
            join_operator,
        } = join;
        absent(!*global, "GLOBAL", "leave it out")?;
        let constraint = match join_operator {
            JoinOperator::ArrayJoin | JoinOperator::LeftArrayJoin => {
                self.array(relation)?;
                return Ok(true);
            }
            JoinOperator::Join(constraint)
            | JoinOperator::Inner(constraint)
            | JoinOperator::Left(constraint)
            | JoinOperator::LeftOuter(constraint)
            | JoinOperator::Right(constraint)
            | JoinOperator::RightOuter(constraint)
            | JoinOperator::FullOuter(constraint)
            | JoinOperator::CrossJoin(constraint)
            | JoinOperator::LeftSemi(constraint)
            | JoinOperator::RightSemi(constraint)
            | JoinOperator::LeftAnti(constraint)
            | JoinOperator::RightAnti(constraint) => constraint,
            _ => {
                return Err(not_allowed(
                    "this kind of join",
                    "write JOIN, LEFT, RIGHT, FULL, CROSS, LEFT SEMI or LEFT ANTI JOIN, or ARRAY JOIN",
                ));
            }
        };
        self.relation(relation)?;
        match constraint {
            JoinConstraint::On(condition) => self.expr(condition)?,
            JoinConstraint::Using(columns) => {
                columns.iter_mut().try_for_each(names::quote_all)?;
            }
            JoinConstraint::None => {}
            JoinConstraint::Natural => {
                return Err(not_allowed("NATURAL JOIN", "write USING (...)"));
            }
        }
        Ok(false)
    }

    fn relation(&mut self, relation: &mut TableFactor) -> Checked {
        match relation {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                if args.is_some() {
                    return Err(not_allowed(
                        format!("the table function `{}`", told(&name.to_string())),
                        "read a view by its name",
                    ));
                }
                let is_bare = with_hints.is_empty()
                    && version.is_none()
                    && !*with_ordinality
                    && partitions.is_empty()
                    && json_path.is_none()
                    && sample.is_none()
                    && index_hints.is_empty();
                absent(is_bare, "SAMPLE or a hint after a view", "leave it out")?;
                *args = self.resolve(name, alias)?;
                Ok(())
            }
            TableFactor::Derived {
                lateral,
                subquery,
                alias,
                sample,
            } => {
                absent(!*lateral, "LATERAL", "leave it out")?;
                absent(sample.is_none(), "SAMPLE", "leave it out")?;
                self.query(subquery)?;
                alias.as_mut().map_or(Ok(()), quote_alias)
            }
            _ => Err(not_allowed(
                "this after FROM or JOIN",
                "read a view, or a subquery in brackets",
            )),
        }
    }

    /// Puts in what the name stands for; the name stays as the alias, so that columns can be named with it.
    fn resolve(
        &mut self,
        name: &mut ObjectName,
        alias: &mut Option<TableAlias>,
    ) -> Result<Option<TableFunctionArgs>, SqlRefusal> {
        let written = names::single(name)?.value.clone();
        let named = self.named.iter().rev().find(|(known, _)| *known == written);
        let (goes_out, args) = if let Some((_, goes_out)) = named {
            (Ident::with_quote('`', goes_out), None)
        } else {
            let view = views::find(&written).ok_or_else(|| unknown(&written))?;
            self.needs_session |= view.needs == Needs::Session;
            (Ident::new(view.confined), Some(arguments(view.needs)?))
        };
        *name = ObjectName(vec![ObjectNamePart::Identifier(goes_out)]);
        match alias {
            Some(alias) => quote_alias(alias)?,
            None => {
                let mut told = Ident::new(written);
                names::quote(&mut told)?;
                *alias = Some(TableAlias {
                    explicit: true,
                    name: told,
                    columns: Vec::new(),
                    at: None,
                });
            }
        }
        Ok(args)
    }

    /// A column, or a function of columns, where ClickHouse reads an expression.
    fn array(&mut self, operand: &mut TableFactor) -> Checked {
        let TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_hints,
        } = operand
        else {
            return Err(not_allowed(
                "this after ARRAY JOIN",
                "name a column, or write a function of one",
            ));
        };
        let is_bare = with_hints.is_empty()
            && version.is_none()
            && !*with_ordinality
            && partitions.is_empty()
            && json_path.is_none()
            && sample.is_none()
            && index_hints.is_empty();
        absent(
            is_bare,
            "anything after an array but AS name",
            "leave it out",
        )?;
        match args {
            None => names::quote_all(name)?,
            Some(TableFunctionArgs { args, settings }) => {
                absent(settings.is_none(), "SETTINGS", "leave it out")?;
                functions::known(names::single(name)?)?;
                args.iter_mut().try_for_each(|arg| self.argument(arg))?;
            }
        }
        alias.as_mut().map_or(Ok(()), quote_alias)
    }
}

fn quote_alias(alias: &mut TableAlias) -> Checked {
    let TableAlias {
        explicit,
        name,
        columns,
        at,
    } = alias;
    absent(
        columns.is_empty() && at.is_none(),
        "a list of columns after an alias",
        "name the columns inside the subquery",
    )?;
    let is_final = name.quote_style.is_none() && name.value.eq_ignore_ascii_case("final");
    absent(
        !is_final,
        "FINAL",
        "the views have one row of each thing already, leave it out",
    )?;
    *explicit = true;
    names::quote(name)
}

fn unknown(name: &str) -> SqlRefusal {
    let known: Vec<_> = VIEWS.iter().map(|view| view.name).collect();
    not_allowed(
        format!("reading `{}`", told(name)),
        format!("the views are {}", known.join(", ")),
    )
}

/// The values are parameters, which the server binds: nothing that a client wrote comes in here.
fn arguments(needs: Needs) -> Result<TableFunctionArgs, SqlRefusal> {
    let dialect = ClickHouseDialect {};
    let parse = |argument: &&str| -> Result<Expr, SqlRefusal> {
        Parser::new(&dialect)
            .with_options(ParserOptions::new().with_unescape(false))
            .try_with_sql(argument)
            .and_then(|mut parser| parser.parse_expr())
            .map_err(|_| SqlRefusal::Check)
    };
    let args = needs.arguments().iter().map(|argument| {
        let argument = parse(argument)?;
        Ok(FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)))
    });
    Ok(TableFunctionArgs {
        args: args.collect::<Result<_, SqlRefusal>>()?,
        settings: None,
    })
}
