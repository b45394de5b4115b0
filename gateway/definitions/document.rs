//! The registry as the text of `docs/metrics.md`.

use super::metric::{Family, Metric, Unit};
use super::registry::Registry;

const INTRODUCTION: &str = "# Metrics

<!-- Written by `playhead metrics --write docs/metrics.md` from sql/metrics.toml. Do not edit it here. -->

Every number that the API, the pages and the dashboards tell has one definition, in `sql/metrics.toml`. The columns that
the formulas read are explained in [sessions.md](sessions.md); the API that answers with them in [api.md](api.md).

## How to read a definition
- **Family**: whose definition it is. `cta2066` is the standard CTA-2066; `mux` and `conviva` follow what those two
  publish, so that numbers can be compared with theirs; `playhead` is this project's own. What a body does not
  publish is our reading, and its source says so.
- **Grain**: what the formula reads. `minute`: the rows of `quality_by_minute_v` whose minute lies in the window.
  `session`: the rows of `sessions_v` that began in the window; of those still running only what is known so far.
  `audience`: the rows of `sessions_v` that touch the window. `second`: the rows of `concurrent_viewers_v` in the window.
  `break`: the rows of `ad_breaks_v` that began in the window. `day`: the rows of `viewer_days_v` whose day the window touches.
- **Formula**: SQL over that view, which can be run as it stands. `window_seconds` is the length of the window; of a
  window that is not over, up to now.
- Ratios are ratios of sums, never means of ratios. Scores are means over sessions, since each session has one.
- **An empty window**: counts, times and rates per second are 0, since nobody came. Means, ratios, percentiles and scores
  of nothing are NULL (`null` in JSON), never 0.
- **Error**: everything is exact unless an error is told.

";

/// The whole page.
pub fn page(registry: &Registry) -> String {
    let mut text = INTRODUCTION.to_owned();
    side_by_side(registry, &mut text);
    text.push_str("## All metrics\n| metric | unit | family | meaning |\n|---|---|---|---|\n");
    for metric in &registry.metrics {
        let (name, unit, family) = (&metric.name, metric.unit.word(), metric.family.word());
        text.push_str(&format!(
            "| [`{name}`](#{name}) | {unit} | {family} | {} |\n",
            metric.meaning
        ));
    }
    text.push_str("\n## Definitions\n");
    for metric in &registry.metrics {
        definition(metric, &mut text);
    }
    text
}

/// A table of the concepts that several families define.
fn side_by_side(registry: &Registry, text: &mut String) {
    text.push_str(
        "## Definitions side by side\nThe same question, answered from the same rows by each body's definition. \
         `GET /v1/quality?metrics=CONCEPT&definition=FAMILY`\nanswers with the one of that family.\n\n",
    );
    let families: Vec<_> = Family::ALL.iter().map(|family| family.word()).collect();
    text.push_str(&format!("| concept | {} |\n", families.join(" | ")));
    text.push_str(&format!("|{}\n", "---|".repeat(families.len() + 1)));
    let mut told: Vec<&str> = Vec::new();
    for metric in &registry.metrics {
        let concept = metric.concept.as_str();
        let is_of_concept = |other: &&Metric| other.concept == concept;
        if told.contains(&concept) || registry.metrics.iter().filter(is_of_concept).count() < 2 {
            continue;
        }
        told.push(concept);
        text.push_str(&format!("| `{concept}` |"));
        for family in Family::ALL {
            let mut own = registry.of_family(*family);
            match own.find(is_of_concept) {
                Some(found) => text.push_str(&format!(" [`{0}`](#{0}) |", found.name)),
                None => text.push_str(" |"),
            }
        }
        text.push('\n');
    }
    text.push('\n');
}

fn definition(metric: &Metric, text: &mut String) {
    let Metric {
        name,
        meaning,
        formula,
        source,
        error,
        ..
    } = metric;
    text.push_str(&format!(
        "\n### {name}\n{meaning}\n\n```sql\n{formula}\n```\n"
    ));
    let range = match metric.unit {
        Unit::Ratio => "ratio (1 = all of it)",
        Unit::Score => "score (0 to 100)",
        unit => unit.word(),
    };
    let mut facts = vec![
        ("concept", format!("`{}`", metric.concept)),
        ("family", metric.family.word().to_owned()),
        ("unit", range.to_owned()),
        (
            "grain",
            format!("{} (`{}`)", metric.grain.word(), metric.grain.view()),
        ),
        ("columns", format!("`{}`", metric.columns.join("`, `"))),
        ("higher is", metric.higher_is.word().to_owned()),
    ];
    if !error.is_empty() {
        facts.push(("error", error.clone()));
    }
    facts.push(("source", source.clone()));
    for (fact, value) in facts {
        text.push_str(&format!("- {fact}: {value}\n"));
    }
}
