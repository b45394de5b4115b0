//! Calls of functions, windows, and the columns of a SELECT.

use sqlparser::ast::{
    ExceptSelectItem, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, ReplaceSelectElement, ReplaceSelectItem, SelectItem,
    SelectItemQualifiedWildcardKind, WildcardAdditionalOptions, WindowFrame, WindowFrameBound,
    WindowSpec, WindowType,
};

use super::fence::Fence;
use super::functions;
use super::names;
use super::refusal::{Checked, absent, not_allowed};

impl Fence {
    /// A call of a function that is on the list.
    pub(super) fn function(&mut self, function: &mut Function) -> Checked {
        let Function {
            name,
            uses_odbc_syntax,
            parameters,
            args,
            within_group,
            filter,
            null_treatment: _,
            over,
        } = function;
        let name = names::single(name)?;
        functions::known(name)?;
        let counts = name.value.eq_ignore_ascii_case("count");
        absent(!*uses_odbc_syntax, "{fn ...}", "write the function alone")?;
        absent(
            within_group.is_empty(),
            "WITHIN GROUP",
            "write quantile(0.5)(x)",
        )?;
        match parameters {
            FunctionArguments::None => {}
            FunctionArguments::List(list) => self.arguments(list, false)?,
            FunctionArguments::Subquery(_) => {
                return Err(not_allowed("a subquery as a parameter", "write the value"));
            }
        }
        match args {
            FunctionArguments::List(list) => self.arguments(list, counts)?,
            FunctionArguments::None => {
                let instead = "write () after it";
                return Err(not_allowed(format!("`{}` alone", name.value), instead));
            }
            FunctionArguments::Subquery(_) => {
                let instead = "write the subquery in brackets of its own";
                return Err(not_allowed("a subquery as all arguments", instead));
            }
        }
        if let Some(condition) = filter {
            self.expr(condition)?;
        }
        match over {
            None => Ok(()),
            Some(WindowType::NamedWindow(window)) => names::quote(window),
            Some(WindowType::WindowSpec(window)) => self.window(window),
        }
    }

    fn arguments(&mut self, list: &mut FunctionArgumentList, takes_star: bool) -> Checked {
        let FunctionArgumentList {
            duplicate_treatment: _,
            args,
            clauses,
        } = list;
        absent(
            clauses.is_empty(),
            "a clause inside the brackets of a function",
            "leave it out",
        )?;
        for arg in args {
            let is_star = matches!(arg, FunctionArg::Unnamed(FunctionArgExpr::Wildcard));
            if !(takes_star && is_star) {
                self.argument(arg)?;
            }
        }
        Ok(())
    }

    /// One argument: an expression.
    pub(super) fn argument(&mut self, arg: &mut FunctionArg) -> Checked {
        match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.expr(expr),
            _ => Err(not_allowed(
                "a named argument or *",
                "write the values in their order; * only in count(*)",
            )),
        }
    }

    pub(super) fn window(&mut self, window: &mut WindowSpec) -> Checked {
        let WindowSpec {
            window_name,
            partition_by,
            order_by,
            window_frame,
        } = window;
        if let Some(name) = window_name {
            names::quote(name)?;
        }
        self.exprs(partition_by)?;
        self.order_keys(order_by)?;
        let Some(WindowFrame {
            units: _,
            start_bound,
            end_bound,
        }) = window_frame
        else {
            return Ok(());
        };
        for bound in std::iter::once(start_bound).chain(end_bound) {
            match bound {
                WindowFrameBound::CurrentRow
                | WindowFrameBound::Preceding(None)
                | WindowFrameBound::Following(None) => {}
                WindowFrameBound::Preceding(Some(rows))
                | WindowFrameBound::Following(Some(rows)) => self.expr(rows)?,
            }
        }
        Ok(())
    }

    pub(super) fn select_item(&mut self, item: &mut SelectItem) -> Checked {
        match item {
            SelectItem::UnnamedExpr(expr) => self.expr(expr),
            SelectItem::ExprWithAlias { expr, alias } => {
                self.expr(expr)?;
                names::quote(alias)
            }
            SelectItem::Wildcard(options) => self.star(options),
            SelectItem::QualifiedWildcard(
                SelectItemQualifiedWildcardKind::ObjectName(name),
                options,
            ) => {
                names::quote_all(name)?;
                self.star(options)
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(_), _)
            | SelectItem::ExprWithAliases { .. } => Err(not_allowed(
                "this in the list of columns",
                "write expression AS name",
            )),
        }
    }

    fn star(&mut self, options: &mut WildcardAdditionalOptions) -> Checked {
        let WildcardAdditionalOptions {
            wildcard_token: _,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        let is_known = opt_ilike.is_none()
            && opt_exclude.is_none()
            && opt_rename.is_none()
            && opt_alias.is_none();
        absent(
            is_known,
            "this after *",
            "write EXCEPT (...) or REPLACE (...)",
        )?;
        if let Some(ExceptSelectItem {
            first_element,
            additional_elements,
        }) = opt_except
        {
            names::quote(first_element)?;
            additional_elements.iter_mut().try_for_each(names::quote)?;
        }
        let Some(ReplaceSelectItem { items }) = opt_replace else {
            return Ok(());
        };
        for item in items {
            let ReplaceSelectElement {
                expr,
                column_name,
                as_keyword: _,
            } = item.as_mut();
            let expr: &mut Expr = expr;
            self.expr(expr)?;
            names::quote(column_name)?;
        }
        Ok(())
    }
}
