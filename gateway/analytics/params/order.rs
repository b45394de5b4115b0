//! Which rows come first.

use super::bad;
use super::query_string::QueryString;
use crate::analytics::error::QueryError;

/// By what rows are sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Name of the column.
    pub name: String,
    /// Whether the greatest come first.
    pub is_descending: bool,
}

impl Order {
    /// As it is written in a parameter.
    pub fn word(&self) -> String {
        let sign = if self.is_descending { "-" } else { "" };
        format!("{sign}{}", self.name)
    }
}

impl QueryString {
    /// `order=plays`, or `-plays` for the greatest first; `None` when it is not given. Whether there is such a column,
    /// the caller knows: see [`QueryString::order_of`].
    pub fn order(&mut self) -> Option<Order> {
        let told = self.take("order")?;
        let (name, is_descending) = match told.strip_prefix('-') {
            Some(name) => (name, true),
            None => (told.as_str(), false),
        };
        Some(Order {
            name: name.trim().to_owned(),
            is_descending,
        })
    }

    /// The same, of columns that are known.
    ///
    /// # Errors
    /// When it is another one.
    pub fn order_of(&mut self, known: &[&str]) -> Result<Option<Order>, QueryError> {
        match self.order() {
            Some(order) if !known.contains(&order.name.as_str()) => Err(bad(
                "order",
                &format!(
                    "must be one of {}; with - before it the greatest come first",
                    known.join(", ")
                ),
            )),
            order => Ok(order),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_puts_the_greatest_first() {
        let order = |text: &str| QueryString::of(&[("order", text)]).order_of(&["plays", "cdn"]);
        assert_eq!(
            order("-plays").ok().flatten(),
            Some(Order {
                name: "plays".to_owned(),
                is_descending: true
            })
        );
        assert_eq!(
            order("cdn").ok().flatten().map(|order| order.word()),
            Some("cdn".to_owned())
        );
        assert!(order("colour").is_err());
        assert!(order("--plays").is_err());
        assert_eq!(QueryString::of(&[]).order(), None);
    }
}
