//! Types that a value may be cast to.

use sqlparser::ast::{ArrayElemTypeDef, DataType, ExactNumberInfo};

use super::names::told;
use super::refusal::{Checked, absent, not_allowed};

/// Lets the listed types pass, in a spelling that ClickHouse knows: the parser writes some in capitals.
///
/// # Errors
/// Any other type.
pub(super) fn known(data_type: &mut DataType) -> Checked {
    match data_type {
        DataType::String(None) | DataType::Text => {
            *data_type = DataType::Text;
            Ok(())
        }
        DataType::Int8(None) | DataType::TinyInt(None) => {
            *data_type = DataType::TinyInt(None);
            Ok(())
        }
        DataType::Float32 | DataType::Real => {
            *data_type = DataType::Real;
            Ok(())
        }
        DataType::Float64 | DataType::Double(ExactNumberInfo::None) => {
            *data_type = DataType::Double(ExactNumberInfo::None);
            Ok(())
        }
        DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::UInt128
        | DataType::UInt256
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::Int128
        | DataType::Int256
        | DataType::Bool
        | DataType::Date
        | DataType::Date32
        | DataType::Datetime(None)
        | DataType::Uuid
        | DataType::FixedString(_)
        | DataType::Decimal(
            ExactNumberInfo::None
            | ExactNumberInfo::Precision(_)
            | ExactNumberInfo::PrecisionAndScale(..),
        ) => Ok(()),
        DataType::Datetime64(_, zone) => {
            let is_plain = |each: char| each.is_ascii_alphanumeric() || "/_+-".contains(each);
            let is_zone = zone.as_ref().is_none_or(|zone| zone.chars().all(is_plain));
            absent(is_zone, "this time zone", "write one such as 'UTC'")
        }
        DataType::Array(ArrayElemTypeDef::Parenthesis(inner))
        | DataType::Nullable(inner)
        | DataType::LowCardinality(inner) => known(inner),
        other => Err(not_allowed(
            format!("the type `{}`", told(&other.to_string())),
            "cast to UInt8 to UInt256, Int8 to Int256, Float32, Float64, Decimal, String, FixedString, Date, Date32, \
             DateTime, DateTime64, Bool, UUID, Array, Nullable or LowCardinality",
        )),
    }
}
