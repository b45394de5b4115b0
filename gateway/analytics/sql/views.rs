//! The views that a query may name, and what stands in their place when it runs.

/// What a tenant-confined view wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Whose rows.
    Tenant,
    /// Whose rows, and of which window.
    Window,
    /// Whose rows, and of which session.
    Session,
}

impl Needs {
    /// The arguments of the view: the name of each, and its value as a parameter that the server binds.
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Tenant => &["tenant = {tenant: String}"],
            Self::Window => &[
                "tenant = {tenant: String}",
                "from_time = {from_time: DateTime64(3, 'UTC')}",
                "to_time = {to_time: DateTime64(3, 'UTC')}",
            ],
            Self::Session => &[
                "tenant = {tenant: String}",
                "session_key = {session_key: UInt64}",
            ],
        }
    }
}

/// A view as analysts know it, and the one that is read for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The documented name.
    pub name: &'static str,
    /// The same columns, of one tenant only.
    pub confined: &'static str,
    /// What that one wants to be told.
    pub needs: Needs,
}

const fn view(name: &'static str, confined: &'static str, needs: Needs) -> View {
    View {
        name,
        confined,
        needs,
    }
}

/// Every view with a tenant-confined form.
#[rustfmt::skip]
pub const VIEWS: [View; 24] = [
    view("ad_breaks_v", "ad_breaks_t", Needs::Window),
    view("ads_v", "ads_t", Needs::Window),
    view("beacons_v", "beacons_t", Needs::Session),
    view("completion_v", "completion_t", Needs::Window),
    view("concurrent_viewers_v", "concurrent_viewers_t", Needs::Window),
    view("content_engagement_v", "content_engagement_t", Needs::Window),
    view("content_v", "content_t", Needs::Tenant),
    view("engagement_by_five_seconds_v", "engagement_by_five_seconds_t", Needs::Window),
    view("funnel_v", "funnel_t", Needs::Window),
    view("live_viewers_v", "live_viewers_t", Needs::Tenant),
    view("programmes_v", "programmes_t", Needs::Window),
    view("quality_by_day_sets_v", "quality_by_day_sets_t", Needs::Window),
    view("quality_by_day_v", "quality_by_day_t", Needs::Window),
    view("quality_by_hour_sets_v", "quality_by_hour_sets_t", Needs::Window),
    view("quality_by_hour_v", "quality_by_hour_t", Needs::Window),
    view("quality_by_minute_sets_v", "quality_by_minute_sets_t", Needs::Window),
    view("quality_by_minute_v", "quality_by_minute_t", Needs::Window),
    view("quality_by_second_v", "quality_by_second_t", Needs::Window),
    view("quality_by_ten_seconds_v", "quality_by_ten_seconds_t", Needs::Window),
    view("sessions_enriched_v", "sessions_enriched_t", Needs::Window),
    view("sessions_v", "sessions_t", Needs::Window),
    view("viewer_days_v", "viewer_days_t", Needs::Window),
    view("viewers_by_first_week_v", "viewers_by_first_week_t", Needs::Window),
    view("viewers_v", "viewers_t", Needs::Tenant),
];

/// The view of that name.
pub fn find(name: &str) -> Option<View> {
    VIEWS.iter().find(|view| view.name == name).copied()
}

#[cfg(test)]
#[path = "views_tests.rs"]
mod tests;
