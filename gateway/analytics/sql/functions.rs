//! The functions that a query may call: those that compute from their arguments, and nothing that reads or tells of
//! the server. In lower case: a name that ClickHouse does not know in the case it is written in, it refuses itself.

use sqlparser::ast::Ident;

use super::names::told;
use super::refusal::{Checked, not_allowed};

/// Lets a function of the lists pass.
///
/// # Errors
/// Any other name, and every quoted one.
pub(super) fn known(name: &Ident) -> Checked {
    let written = name.value.to_ascii_lowercase();
    let is_known = SCALAR.contains(&written.as_str()) || is_aggregate(&written);
    if is_known && name.quote_style.is_none() {
        return Ok(());
    }
    let instead = match written.as_str() {
        "cast" => "write CAST(x AS Type), or x::Type",
        "in" | "notin" => "write x IN (SELECT ...)",
        _ => "docs/sql.md says which functions are known here",
    };
    Err(not_allowed(
        format!("the function `{}`", told(&name.value)),
        instead,
    ))
}

/// An aggregate function, with any of the combinators.
fn is_aggregate(name: &str) -> bool {
    if AGGREGATE.contains(&name) {
        return true;
    }
    COMBINATORS
        .iter()
        .filter_map(|combinator| name.strip_suffix(combinator))
        .any(is_aggregate)
}

const COMBINATORS: [&str; 7] = [
    "if",
    "array",
    "map",
    "distinct",
    "ornull",
    "ordefault",
    "foreach",
];

/// Aggregate and window functions.
#[rustfmt::skip]
const AGGREGATE: &[&str] = &[
    "count", "sum", "avg", "min", "max", "any", "anylast", "any_value", "argmin", "argmax", "avgweighted", "sumcount",
    "sumkahan", "sumwithoverflow", "median", "medianexact", "mediantdigest", "quantile", "quantiles", "quantileexact",
    "quantilesexact", "quantileexactlow", "quantileexacthigh", "quantileexactinclusive", "quantileexactexclusive",
    "quantileexactweighted", "quantilesexactweighted", "quantiletdigest", "quantilestdigest",
    "quantiletdigestweighted", "quantilestdigestweighted", "quantiletiming", "quantilestiming", "quantiletimingweighted",
    "quantilebfloat16", "quantiledd", "quantilesdd", "quantileinterpolatedweighted", "uniq", "uniqexact", "uniqcombined",
    "uniqcombined64", "uniqhll12", "uniqtheta", "varpop", "varsamp", "stddevpop", "stddevsamp", "stddev", "variance",
    "covarpop", "covarsamp", "corr", "skewpop", "skewsamp", "kurtpop", "kurtsamp", "entropy", "rankcorr",
    "simplelinearregression", "mannwhitneyutest", "studentttest", "welchttest", "meanztest", "grouparray",
    "groupuniqarray", "grouparraysorted", "grouparraysample", "grouparraymovingavg", "grouparraymovingsum",
    "groupbitand", "groupbitor", "groupbitxor", "topk", "topkweighted", "summap", "minmap", "maxmap", "histogram",
    "deltasum", "deltasumtimestamp", "exponentialmovingaverage", "boundingratio", "maxintersections",
    "maxintersectionsposition", "windowfunnel", "retention", "sequencematch", "sequencecount", "first_value",
    "last_value", "nth_value", "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead",
    "laginframe", "leadinframe", "singlevalueornull",
];

/// All others.
#[rustfmt::skip]
const SCALAR: &[&str] = &[
    // Conditions and comparison.
    "if", "multiif", "and", "or", "not", "xor", "equals", "notequals", "less", "greater", "lessorequals",
    "greaterorequals", "coalesce", "ifnull", "nullif", "isnull", "isnotnull", "iszeroornull", "assumenotnull",
    "tonullable", "greatest", "least", "transform", "isnan", "isfinite", "isinfinite", "ifnotfinite", "clamp", "grouping",
    // Arithmetic.
    "plus", "minus", "multiply", "divide", "intdiv", "intdivorzero", "modulo", "moduloorzero", "positivemodulo",
    "negate", "abs", "sign", "round", "roundbankers", "rounddown", "roundtoexp2", "roundduration", "roundage", "trunc",
    "truncate", "floor", "ceil", "ceiling", "sqrt", "cbrt", "exp", "exp2", "exp10", "log", "ln", "log2", "log10", "log1p",
    "power", "pow", "sin", "cos", "tan", "atan", "atan2", "pi", "e", "hypot", "degrees", "radians", "sigmoid", "gcd", "lcm",
    "bitand", "bitor", "bitxor", "bitnot", "bitshiftleft", "bitshiftright", "bittest", "bitcount", "widthbucket", "width_bucket",
    // Conversion.
    "toint8", "toint16", "toint32", "toint64", "touint8", "touint16", "touint32", "touint64", "tofloat32", "tofloat64",
    "toint8orzero", "toint16orzero", "toint32orzero", "toint64orzero", "touint8orzero", "touint16orzero",
    "touint32orzero", "touint64orzero", "tofloat32orzero", "tofloat64orzero", "toint32ornull", "toint64ornull",
    "touint32ornull", "touint64ornull", "tofloat64ornull", "todecimal32", "todecimal64", "todecimal128", "tobool",
    "tostring", "tofixedstring", "todate", "todate32", "todatetime", "todatetime64", "todateornull", "todatetimeornull",
    "todatetime64ornull", "todateorzero", "todatetimeorzero", "parsedatetime", "parsedatetimebesteffort",
    "parsedatetimebesteffortornull", "parsedatetime64besteffort", "parsedatetime64besteffortornull", "tolowcardinality",
    "totypename", "tointervalsecond", "tointervalminute", "tointervalhour", "tointervalday", "tointervalweek",
    "tointervalmonth", "tointervalquarter", "tointervalyear",
    // Times.
    "now", "now64", "today", "yesterday", "toyear", "toquarter", "tomonth", "todayofyear", "todayofmonth", "todayofweek",
    "tohour", "tominute", "tosecond", "tomillisecond", "toweek", "toyearweek", "toisoweek", "toisoyear", "tounixtimestamp",
    "tounixtimestamp64milli", "tounixtimestamp64second", "fromunixtimestamp", "fromunixtimestamp64milli", "tostartofyear",
    "tostartofisoyear", "tostartofquarter", "tostartofmonth", "tolastdayofmonth", "tomonday", "tostartofweek",
    "tolastdayofweek", "tostartofday", "tostartofhour", "tostartofminute", "tostartofsecond", "tostartofmillisecond",
    "tostartoffiveminutes", "tostartoftenminutes", "tostartoffifteenminutes", "tostartofinterval", "totime",
    "toyyyymm", "toyyyymmdd", "toyyyymmddhhmmss", "torelativeyearnum", "torelativemonthnum", "torelativeweeknum",
    "torelativedaynum", "torelativehournum", "torelativeminutenum", "torelativesecondnum", "totimezone", "datediff",
    "date_diff", "timestampdiff", "timestamp_diff", "age", "datetrunc", "date_trunc", "dateadd", "date_add", "datesub",
    "date_sub", "timestampadd", "timestamp_add", "timestampsub", "timestamp_sub", "addyears", "addquarters", "addmonths",
    "addweeks", "adddays", "addhours", "addminutes", "addseconds", "addmilliseconds", "subtractyears", "subtractquarters",
    "subtractmonths", "subtractweeks", "subtractdays", "subtracthours", "subtractminutes", "subtractseconds",
    "formatdatetime", "datename", "monthname", "timeslot", "makedate", "makedatetime", "year", "month", "day",
    "hour", "minute", "second", "quarter", "dayofweek", "dayofmonth", "dayofyear", "date",
    // Texts.
    "length", "lengthutf8", "char_length", "character_length", "empty", "notempty", "lower", "upper", "lowerutf8",
    "upperutf8", "lcase", "ucase", "concat", "concatwithseparator", "concat_ws", "substring", "substr", "substringutf8", "mid", "left", "right",
    "leftutf8", "rightutf8", "trim", "trimleft", "trimright", "trimboth", "ltrim", "rtrim", "replace", "replaceone",
    "replaceall", "replaceregexpone", "replaceregexpall", "regexp_replace", "position", "positioncaseinsensitive", "positionutf8", "locate",
    "countsubstrings", "startswith", "endswith", "match", "like", "notlike", "ilike", "notilike", "multisearchany",
    "extract", "extractall", "extractgroups", "regexpextract", "splitbychar", "splitbystring", "splitbyregexp",
    "splitbywhitespace", "alphatokens", "reverse", "reverseutf8", "initcap", "ascii", "tovalidutf8", "substringindex",
    "formatreadablesize", "formatreadablequantity", "formatreadabletimedelta", "formatreadabledecimalsize", "bar",
    "domain", "domainwithoutwww", "path", "protocol", "topleveldomain", "jarowinklersimilarity", "levenshteindistance",
    "jsonextractstring", "jsonextractint", "jsonextractuint", "jsonextractfloat", "jsonextractbool", "jsonhas", "hex", "unhex",
    "cityhash64", "siphash64", "xxhash64", "md5", "countrycodetoname",
    // Arrays, maps, tuples.
    "array", "arrayjoin", "range", "arrayconcat", "arrayelement", "arrayelementornull", "has", "hasany", "hasall", "hassubstr", "indexof",
    "countequal", "arraymap", "arrayfilter", "arraycount", "arrayexists", "arrayall", "arraysum", "arrayavg", "arraymin",
    "arraymax", "arrayproduct", "arrayfirst", "arraylast", "arrayfirstindex", "arraylastindex", "arrayfirstornull",
    "arraylastornull", "arraysort", "arrayreversesort", "arraypartialsort", "arrayreverse", "arraydistinct", "arrayuniq",
    "arrayenumerate", "arrayenumerateuniq", "arrayslice", "arraypushback", "arraypushfront", "arraypopback",
    "arraypopfront", "arraycompact", "arrayzip", "arrayintersect", "arrayflatten", "flatten", "arraycumsum",
    "arraycumsumnonnegative", "arraydifference", "arraysplit", "arrayreversesplit", "arrayfill", "arrayreversefill",
    "arraystringconcat", "arrayrotateleft", "arrayrotateright", "arrayfold", "emptyarraystring", "map",
    "mapkeys", "mapvalues", "mapcontains", "mapcontainskey", "mapfilter", "mapapply", "mapadd", "mapsubtract", "mapfromarrays",
    "mapexists", "mapall", "mapsort", "tuple", "tupleelement", "untuple", "tupletonamevaluepairs",
    // Chance.
    "rand", "rand32", "rand64", "randcanonical",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn is_known(name: &str) -> bool {
        known(&Ident::new(name)).is_ok()
    }

    #[test]
    fn what_reads_or_tells_of_the_server_is_not_known() {
        for name in [
            "file",
            "dictGet",
            "dictGetOrDefault",
            "joinGet",
            "in",
            "notIn",
            "globalIn",
            "nullIn",
            "getSetting",
            "hostName",
            "currentUser",
            "user",
            "currentDatabase",
            "version",
            "uptime",
            "sleep",
            "sleepEachRow",
            "throwIf",
            "hasColumnInTable",
            "getMacro",
            "numbers",
            "merge",
            "view",
            "url",
            "s3",
            "remote",
            "cluster",
            "input",
            "values",
            "COLUMNS",
            "evalMLMethod",
            "filesystemAvailable",
            "queryID",
            "addressToLine",
            "arrayReduce",
            "initializeAggregation",
            "repeat",
            "generateUUIDv4",
            "sumState",
            "format",
            "viewIfPermitted",
            "dictionary",
            "",
        ] {
            assert!(!is_known(name), "{name}");
        }
        assert!(known(&Ident::with_quote('`', "sum")).is_err());
    }

    #[test]
    fn aggregates_take_combinators() {
        for name in [
            "countIf",
            "sumIf",
            "uniqExactIf",
            "argMaxIf",
            "avgOrNullIf",
            "sumMap",
            "sumArrayIf",
            "quantileIf",
            "SUM",
        ] {
            assert!(is_known(name), "{name}");
        }
    }
}
