//! The walk over a query: what is on no list is refused, names are put into backticks, and each view becomes its
//! tenant-confined form. What may stand in a query is taken apart field by field, so that a field which a later
//! release of the parser adds does not compile until somebody has thought about it.

use sqlparser::ast::{
    Cte, Distinct, Expr, GroupByExpr, GroupByWithModifier, Interpolate, InterpolateExpr,
    LimitClause, NamedWindowDefinition, NamedWindowExpr, Offset, OrderBy, OrderByExpr, OrderByKind,
    OrderByOptions, OrderBySort, Query, Select, SelectFlavor, SetExpr, SetOperator, SetQuantifier,
    TableAlias, With, WithFill,
};

use super::names;
use super::refusal::{Checked, absent, not_allowed};

/// What has been seen so far.
#[derive(Debug, Default)]
pub(super) struct Fence {
    /// Subqueries with a name that may be read here: as written, and as it goes out.
    pub(super) named: Vec<(String, String)>,
    /// How many of them there have been; none goes out with the name of another, or of a table.
    named_count: usize,
    /// Whether a view is read that wants to know the session.
    pub(super) needs_session: bool,
}

impl Fence {
    /// A query or subquery.
    pub(super) fn query(&mut self, query: &mut Query) -> Checked {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        absent(fetch.is_none(), "FETCH", "write LIMIT")?;
        absent(
            locks.is_empty() && for_clause.is_none(),
            "FOR",
            "leave it out",
        )?;
        absent(
            settings.is_none(),
            "SETTINGS",
            "leave it out: the limits are fixed",
        )?;
        absent(
            format_clause.is_none(),
            "FORMAT",
            "the format is told by the header Accept",
        )?;
        absent(
            pipe_operators.is_empty(),
            "|>",
            "write the clauses of a SELECT",
        )?;
        let named_outside = self.named.len();
        if let Some(with) = with {
            self.with(with)?;
        }
        self.body(body)?;
        if let Some(order_by) = order_by {
            self.order_by(order_by)?;
        }
        if let Some(limit) = limit_clause {
            self.limit(limit)?;
        }
        self.named.truncate(named_outside);
        Ok(())
    }

    /// Each subquery sees those before it, and not itself.
    fn with(&mut self, with: &mut With) -> Checked {
        let With {
            with_token: _,
            recursive,
            cte_tables,
        } = with;
        absent(!*recursive, "WITH RECURSIVE", "write the steps one by one")?;
        for cte in cte_tables {
            let Cte {
                alias,
                query,
                from,
                materialized,
                closing_paren_token: _,
            } = cte;
            absent(
                from.is_none() && materialized.is_none(),
                "anything between AS and the subquery",
                "write WITH name AS (SELECT ...)",
            )?;
            self.query(query)?;
            let TableAlias {
                explicit: _,
                name,
                columns,
                at,
            } = alias;
            absent(
                columns.is_empty() && at.is_none(),
                "a list of columns after the name in WITH",
                "name the columns inside the subquery",
            )?;
            let written = name.value.clone();
            names::quote(name)?;
            self.named_count += 1;
            // Were it the name of a table, the subquery could be passed by.
            name.value = format!("subquery {} {written}", self.named_count);
            self.named.push((written, name.value.clone()));
        }
        Ok(())
    }

    fn body(&mut self, body: &mut SetExpr) -> Checked {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation {
                left,
                op,
                set_quantifier,
                right,
            } => {
                match (op, set_quantifier) {
                    (SetOperator::Union, SetQuantifier::All | SetQuantifier::Distinct)
                    | (
                        SetOperator::Except | SetOperator::Intersect,
                        SetQuantifier::None | SetQuantifier::Distinct,
                    ) => {}
                    (SetOperator::Union, SetQuantifier::None) => {
                        let instead = "write UNION ALL or UNION DISTINCT";
                        return Err(not_allowed("UNION alone", instead));
                    }
                    _ => {
                        let instead = "write UNION ALL, UNION DISTINCT, EXCEPT or INTERSECT";
                        return Err(not_allowed("this way to combine queries", instead));
                    }
                }
                self.body(left)?;
                self.body(right)
            }
            _ => Err(not_allowed("anything but SELECT", "write SELECT")),
        }
    }

    fn select(&mut self, select: &mut Select) -> Checked {
        let Select {
            select_token: _,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        absent(optimizer_hints.is_empty(), "a hint", "leave it out")?;
        let has_no_modifier = select_modifiers
            .as_ref()
            .is_none_or(|modifiers| !modifiers.is_any_set());
        absent(
            has_no_modifier && value_table_mode.is_none(),
            "a word after SELECT",
            "leave it out",
        )?;
        absent(top.is_none(), "TOP", "write LIMIT")?;
        absent(exclude.is_none(), "EXCLUDE", "write * EXCEPT (...)")?;
        absent(into.is_none(), "INTO", "the answer is the result")?;
        absent(lateral_views.is_empty(), "LATERAL VIEW", "write ARRAY JOIN")?;
        absent(prewhere.is_none(), "PREWHERE", "write WHERE")?;
        absent(connect_by.is_empty(), "CONNECT BY", "write joins")?;
        absent(
            cluster_by.is_empty() && distribute_by.is_empty() && sort_by.is_empty(),
            "CLUSTER BY, DISTRIBUTE BY or SORT BY",
            "write ORDER BY",
        )?;
        absent(
            matches!(flavor, SelectFlavor::Standard),
            "FROM before SELECT",
            "write SELECT first",
        )?;
        self.from(from)?;
        match distinct {
            None | Some(Distinct::All | Distinct::Distinct) => {}
            Some(Distinct::On(columns)) => self.exprs(columns)?,
        }
        for item in projection {
            self.select_item(item)?;
        }
        self.maybe(selection)?;
        self.group_by(group_by)?;
        self.maybe(having)?;
        for NamedWindowDefinition(name, window) in named_window {
            names::quote(name)?;
            match window {
                NamedWindowExpr::NamedWindow(other) => names::quote(other)?,
                NamedWindowExpr::WindowSpec(spec) => self.window(spec)?,
            }
        }
        self.maybe(qualify)
    }

    fn group_by(&mut self, group_by: &mut GroupByExpr) -> Checked {
        let modifiers = match group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(columns, modifiers) => {
                self.exprs(columns)?;
                modifiers
            }
        };
        for modifier in modifiers {
            match modifier {
                GroupByWithModifier::Rollup
                | GroupByWithModifier::Cube
                | GroupByWithModifier::Totals => {}
                GroupByWithModifier::GroupingSets(sets) => self.expr(sets)?,
            }
        }
        Ok(())
    }

    fn order_by(&mut self, order_by: &mut OrderBy) -> Checked {
        let OrderBy { kind, interpolate } = order_by;
        match kind {
            OrderByKind::All(options) => ordinary(options)?,
            OrderByKind::Expressions(keys) => self.order_keys(keys)?,
        }
        let Some(Interpolate {
            exprs: Some(filled),
        }) = interpolate
        else {
            return Ok(());
        };
        for InterpolateExpr { column, expr } in filled {
            names::quote(column)?;
            self.maybe(expr)?;
        }
        Ok(())
    }

    pub(super) fn order_keys(&mut self, keys: &mut [OrderByExpr]) -> Checked {
        for key in keys {
            let OrderByExpr {
                expr,
                options,
                with_fill,
            } = key;
            self.expr(expr)?;
            ordinary(options)?;
            if let Some(WithFill { from, to, step }) = with_fill {
                for bound in [from, to, step] {
                    self.maybe(bound)?;
                }
            }
        }
        Ok(())
    }

    fn limit(&mut self, limit: &mut LimitClause) -> Checked {
        match limit {
            LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            } => {
                self.maybe(limit)?;
                if let Some(Offset { value, rows: _ }) = offset {
                    self.expr(value)?;
                }
                self.exprs(limit_by)
            }
            LimitClause::OffsetCommaLimit { offset, limit } => {
                self.expr(offset)?;
                self.expr(limit)
            }
        }
    }

    pub(super) fn maybe(&mut self, expr: &mut Option<Expr>) -> Checked {
        expr.as_mut().map_or(Ok(()), |expr| self.expr(expr))
    }

    pub(super) fn exprs(&mut self, exprs: &mut [Expr]) -> Checked {
        exprs.iter_mut().try_for_each(|expr| self.expr(expr))
    }
}

fn ordinary(options: &OrderByOptions) -> Checked {
    let OrderByOptions {
        sort,
        nulls_first: _,
    } = options;
    match sort {
        None | Some(OrderBySort::Asc | OrderBySort::Desc) => Ok(()),
        Some(OrderBySort::Using(_)) => Err(not_allowed("USING in ORDER BY", "write ASC or DESC")),
    }
}
