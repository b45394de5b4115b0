// Made by web/generate/client.mjs from `playhead openapi`; not to be edited.

export interface paths {
    "/v1/ads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of the ads first heard of in a window, and of its ad breaks.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_ads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/breakdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics by the values of dimensions.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_breakdown"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which values of which dimensions a metric's change comes from.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/comparison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics of a window beside those of an earlier one.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_comparison"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/delivery": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The delivery of the sessions that touch a window, running ones included; each with all of its beacons.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dimensions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows every dimension.
         * @description # Errors
         *     400 for a parameter.
         */
        get: operations["list_dimensions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dimensions/{dimension}/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The values of a dimension, the most frequent first.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["list_dimension_values"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/engagement": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The engagement curve and completion of the plays of a title that began in a window.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_engagement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The errors of a window, by their codes unless something else is asked for.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/freshness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far the warehouse is: complete to when, how far behind each stage is, and what could not be read.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_freshness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/funnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The funnel of what began in a window.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_funnel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the last minutes: `?window=15m`, from 60s to 6h.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows every definition.
         * @description # Errors
         *     400 for a parameter.
         */
        get: operations["list_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/quality": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Computes metrics over a window: `?from=&to=&metrics=&definition=`.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_quality"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The retention of the viewers first seen in the weeks of a window; whole weeks from Monday, UTC.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_retention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the plays that touch a window: `?from=&to=&time_zone=&viewer_id=&content_id=&filter=&columns=&limit=&cursor=`.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the plays of one session, with their timelines.
         * @description # Errors
         *     404 when there is none of that id, 503 when the warehouse cannot answer.
         */
        get: operations["get_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}/beacons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The raw beacons of one session, in the order of event time, with every gap of its counters.
         * @description # Errors
         *     400 for a parameter, 404 when there is no session of that id, 503 when the warehouse cannot answer.
         */
        get: operations["list_session_beacons"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sql": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * `POST /v1/sql`
         * @description # Errors
         *     A request that is not understood, a query that may not run, a limit that was met, or what ClickHouse says.
         */
        post: operations["post_sql"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/streams/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams the alerts of the configuration as they fire and are resolved.
         * @description The first event is named `firing` and lists all that fire now; each change is an event named `alert`.
         *
         *     # Errors
         *     503 when too many listen.
         */
        get: operations["stream_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/streams/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams `GET /v1/live?window=60s`, every two seconds.
         * @description Events are named `live`. One that could not be computed is named `problem`, and `end` says why the stream ends.
         *
         *     # Errors
         *     503 when too many listen.
         */
        get: operations["stream_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/streams/viewers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams `GET /v1/viewers/live`, every two seconds.
         * @description Events are named `viewers`. One that could not be computed is named `problem`, and `end` says why the stream ends.
         *
         *     # Errors
         *     503 when too many listen.
         */
        get: operations["stream_viewers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/timeseries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics step by step, by the values of dimensions.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_timeseries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ranks the values of a dimension: `?dimension=&metric=&from=&to=&time_zone=&limit=&definition=`.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_top"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What one tenant's players sent, by day and door unless something else is asked for. By `write_key`, the id of the key that
         *     players showed, the window is at most 31 days; a session that showed several counts for the greatest of them.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/viewers/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists live viewers: `?status=&limit=`.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["list_live_viewers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/viewers/{viewer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One viewer: what they do now, and their plays in a window. A viewer who has none is no failure: the lists are empty.
         * @description # Errors
         *     400 for a parameter, 503 when the warehouse cannot answer.
         */
        get: operations["get_viewer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Counts of ads and breaks; docs/views.md, section 1. */
        AdCounts: {
            /**
             * Format: int64
             * @description Time that ads were on; ms.
             */
            ad_ms: number;
            /**
             * Format: int64
             * @description Ad breaks; 0 where ads are told apart, since a break is of no single ad.
             */
            break_count: number;
            /**
             * Format: int64
             * @description Clicked.
             */
            click_count: number;
            /**
             * Format: int64
             * @description Played to their end.
             */
            complete_count: number;
            /**
             * Format: int64
             * @description Failed.
             */
            error_count: number;
            /**
             * Format: int64
             * @description Of these, with an ad that began.
             */
            filled_break_count: number;
            /**
             * Format: int64
             * @description Played to a quarter.
             */
            first_quartile_count: number;
            /**
             * Format: int64
             * @description Ads counted as seen.
             */
            impression_count: number;
            /**
             * Format: int64
             * @description Played to the half.
             */
            midpoint_count: number;
            /**
             * Format: int64
             * @description Skipped.
             */
            skip_count: number;
            /**
             * Format: int64
             * @description Ads begun.
             */
            start_count: number;
            /**
             * Format: int64
             * @description Played to three quarters.
             */
            third_quartile_count: number;
        };
        /** @description What became of ads. */
        AdMetrics: components["schemas"]["AdCounts"] & {
            /**
             * Format: double
             * @description Of the ads that began, how many were clicked; 0 to 1.
             */
            click_ratio?: number | null;
            /**
             * Format: double
             * @description Of the ads that began, how many played to their end; 0 to 1; null without any.
             */
            completion_ratio?: number | null;
            /**
             * Format: double
             * @description Of the ads that began or failed, how many failed; 0 to 1.
             */
            error_ratio?: number | null;
            /**
             * Format: double
             * @description Of the breaks, how many had an ad; 0 to 1; null without breaks, or where ads are told apart.
             */
            fill_ratio?: number | null;
            /**
             * Format: double
             * @description Of the ads that began, how many were skipped; 0 to 1.
             */
            skip_ratio?: number | null;
        };
        /** @description A beacon, or what is missing before it. */
        BeaconItem: {
            /**
             * Format: int64
             * @description How many are missing.
             */
            count: number;
            /**
             * Format: int64
             * @description The first that is missing.
             */
            first_seq: number;
            /** @enum {string} */
            kind: "gap";
            /**
             * Format: int64
             * @description The last that is missing.
             */
            last_seq: number;
            /** @description The counter. */
            stream: string;
        } | (Record<string, never> & {
            /** @enum {string} */
            kind: "beacon";
        });
        /** @description Answer of `GET /v1/sessions/{session_id}/beacons`. */
        BeaconsAnswer: components["schemas"]["Stamp"] & {
            /** @description The views of the warehouse that were read. */
            computed_from: string[];
            /** @description What the whole session came to. */
            delivery: components["schemas"]["SessionDelivery"];
            /** @description Beacons and gaps in the order of event time; a gap stands before the beacon after it. */
            items: components["schemas"]["BeaconItem"][];
            /** @description `cursor` of the next page; null on the last. */
            next_cursor?: string | null;
            /** @description The session, as its client names it. */
            session_id: string;
            /** @description Hash of tenant and session id; decimal text, since JSON numbers lose its last digits. */
            session_key: string;
        };
        /** @description Answer of `GET /v1/breakdown`. */
        BreakdownAnswer: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description Where the next page begins; null on the last. */
            next_cursor?: string | null;
            /** @description The leading ones first. */
            rows: components["schemas"]["BreakdownRow"][];
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description The metrics of one combination of values. */
        BreakdownRow: {
            /** @description Each dimension with its value; empty = unknown. */
            group: {
                [key: string]: string;
            };
            /** @description Each metric with its value; null when there is nothing to tell it from. */
            metrics: {
                [key: string]: number | null;
            };
        };
        /** @description Answer of `GET /v1/changes`. */
        ChangesAnswer: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /**
             * Format: double
             * @description The metric in the earlier window; likewise.
             */
            before?: number | null;
            /** @description Begin of the earlier window; RFC 3339. */
            before_from: string;
            /** @description End of the earlier window, which does not belong to it; RFC 3339. */
            before_to: string;
            /**
             * Format: double
             * @description By how much it is greater.
             */
            change?: number | null;
            /** @description What the change comes from, beyond what chance and a change everywhere make, the greatest first. */
            contributors: components["schemas"]["Contributor"][];
            /** @description The dimensions that were looked through. */
            dimensions: string[];
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description Name of the metric. */
            metric: string;
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
            /**
             * Format: double
             * @description The metric in the window; null when there is nothing to tell it from.
             */
            value?: number | null;
        };
        /** @description The viewers first seen in a week. */
        Cohort: {
            /** @description Monday of that week, UTC. */
            first_week: string;
            /**
             * Format: int64
             * @description How many they are.
             */
            viewers: number;
            /** @description The weeks in which some of them came; the first is that in which they were first seen. */
            weeks: components["schemas"]["CohortWeek"][];
        };
        /** @description A week of a cohort. */
        CohortWeek: {
            /**
             * Format: int64
             * @description Time that they played; ms.
             */
            playing_ms: number;
            /**
             * Format: int64
             * @description Their plays with a first frame.
             */
            plays: number;
            /**
             * Format: double
             * @description Their share of the cohort; 0 to 1.
             */
            retention_ratio?: number | null;
            /**
             * Format: int64
             * @description Those who came.
             */
            viewers: number;
            /**
             * Format: int32
             * @description Weeks after the first.
             */
            week_no: number;
        };
        /** @description A number beside an earlier one. */
        Compared: {
            /**
             * Format: double
             * @description In the earlier window; likewise.
             */
            before?: number | null;
            /**
             * Format: double
             * @description By how much it is greater; null when one of them is.
             */
            change?: number | null;
            /**
             * Format: double
             * @description The change as a share of what it was before; null when that was 0 or unknown.
             */
            change_ratio?: number | null;
            /**
             * Format: double
             * @description In the window; null when there is nothing to tell it from.
             */
            value?: number | null;
        };
        /** @description Answer of `GET /v1/comparison`. */
        ComparisonAnswer: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /** @description Begin of the earlier window; RFC 3339. */
            before_from: string;
            /** @description End of the earlier window, which does not belong to it; RFC 3339. */
            before_to: string;
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description The leading ones first. */
            rows: components["schemas"]["ComparisonRow"][];
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description The metrics of one combination of values. */
        ComparisonRow: {
            /** @description Each dimension with its value; empty = unknown. */
            group: {
                [key: string]: string;
            };
            /** @description Each metric now and before. */
            metrics: {
                [key: string]: components["schemas"]["Compared"];
            };
        };
        /** @description How far the plays of a title came; docs/views.md, section 6. */
        Completion: components["schemas"]["CompletionCounts"] & {
            /**
             * Format: double
             * @description Of the plays whose quarters are known, how many came to the end; 0 to 1; null of none.
             */
            completion_ratio?: number | null;
        };
        /** @description Counts of plays. */
        CompletionCounts: {
            /**
             * Format: int64
             * @description That were told to be finished.
             */
            finishes: number;
            /**
             * Format: int64
             * @description Of these, whose quarters are known.
             */
            measured_plays: number;
            /**
             * Format: int64
             * @description Time played; ms.
             */
            playing_ms: number;
            /**
             * Format: int64
             * @description Plays with a first frame.
             */
            plays: number;
            /**
             * Format: int64
             * @description The end.
             */
            reached_100: number;
            /**
             * Format: int64
             * @description That reached a quarter.
             */
            reached_25: number;
            /**
             * Format: int64
             * @description The half.
             */
            reached_50: number;
            /**
             * Format: int64
             * @description Three quarters.
             */
            reached_75: number;
        };
        /**
         * @description The concurrency curve: step i stands at `from` + i x `step_seconds`, and tells how many sessions
         *     were in each state at that instant. `sessions` counts all of them.
         */
        Concurrency: {
            /** @description First step; event time, RFC 3339. */
            from: string;
            /** @description Of these in an ad break. */
            in_ad: number[];
            latest?: null | components["schemas"]["ConcurrencyAt"];
            /** @description Of these paused. */
            paused: number[];
            peak?: null | components["schemas"]["Peak"];
            /** @description Of these in playing. */
            playing: number[];
            /** @description Of these in seeking. */
            seeking: number[];
            /** @description Sessions there. */
            sessions: number[];
            /** @description Of these in stalled. */
            stalled: number[];
            /** @description Of these in starting. */
            starting: number[];
            /**
             * Format: int32
             * @description Distance of the steps; s.
             */
            step_seconds: number;
        };
        /** @description The curve at one instant. */
        ConcurrencyAt: {
            /**
             * Format: int64
             * @description Of these in an ad break.
             */
            in_ad: number;
            /**
             * Format: int64
             * @description Of these paused.
             */
            paused: number;
            /**
             * Format: int64
             * @description Of these in playing.
             */
            playing: number;
            /** @description The instant; event time, RFC 3339. */
            second: string;
            /**
             * Format: int64
             * @description Of these in seeking.
             */
            seeking: number;
            /**
             * Format: int64
             * @description Sessions there.
             */
            sessions: number;
            /**
             * Format: int64
             * @description Of these in stalled.
             */
            stalled: number;
            /**
             * Format: int64
             * @description Of these in starting.
             */
            starting: number;
        };
        /** @description A title and its quality in the window. */
        ContentQuality: components["schemas"]["Quality"] & {
            /** @description As the platform names it; empty when players told none. */
            content_id: string;
            /** @description Its title; empty when players told none. */
            title: string;
            /**
             * Format: int64
             * @description Sessions there now.
             */
            viewers: number;
        };
        /** @description A value of a dimension from which a change comes. */
        Contributor: {
            /**
             * Format: double
             * @description By how much it changed the metric; those of all values of a dimension make the whole change.
             */
            contribution: number;
            /** @description The dimension. */
            dimension: string;
            /**
             * Format: double
             * @description Of the contribution, what is beyond its part in a change that is the same everywhere; contributors are sorted by it.
             */
            excess: number;
            /**
             * Format: double
             * @description Of the contribution, what comes from its having more or less of the whole; 0 of sums.
             */
            mix_effect: number;
            /**
             * Format: double
             * @description Of the contribution, what comes from its own number; 0 of sums.
             */
            rate_effect: number;
            /**
             * Format: double
             * @description The contribution as a share of the whole change; above 1 where others went the other way, null where nothing changed.
             */
            share?: number | null;
            /** @description Its value; empty = unknown. */
            value: string;
            /**
             * Format: double
             * @description The metric of this value in the earlier window; null when it was not there.
             */
            value_before?: number | null;
            /**
             * Format: double
             * @description The metric of this value in the window; null when it was not there.
             */
            value_now?: number | null;
        };
        /** @description The curve of a title; lists of equal length. Of a stretch of several seconds the first three are means over its seconds. */
        Curve: {
            /** @description Plays whose last second lies in it. */
            plays_ended: number[];
            /** @description Plays that leapt over it and never showed it. */
            plays_skipped: number[];
            /** @description Plays that showed it. */
            plays_watched: number[];
            /** @description How often they showed it: what is more than the plays is watched again. */
            times_watched: number[];
        };
        /** @description Messages that could not be read, of all tenants, kept for 90 days. */
        DeadLetters: {
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
            /** @description The latest; server time, RFC 3339; null when there is none. */
            newest_at?: string | null;
        };
        /** @description Counts of beacons; docs/sessions.md, section 6. */
        DeliveryCounts: {
            /**
             * Format: int64
             * @description Copies that a client or gateway sent again.
             */
            beacons_duplicated: number;
            /**
             * Format: int64
             * @description Gaps in the counters of the clients.
             */
            beacons_lost: number;
            /**
             * Format: int64
             * @description Distinct beacons that came.
             */
            beacons_received: number;
            /**
             * Format: int64
             * @description Received and lost. What is lost after the last arrival cannot be known.
             */
            beacons_sent: number;
            /**
             * Format: int64
             * @description How often a client began to count anew.
             */
            counter_resets: number;
            /**
             * Format: int64
             * @description Sessions that touch the window.
             */
            sessions: number;
        };
        /** @description How beacons came through. */
        DeliveryMetrics: components["schemas"]["DeliveryCounts"] & {
            /**
             * Format: double
             * @description Copies that were sent again, for each beacon received; null of none.
             */
            duplicate_ratio?: number | null;
            /**
             * Format: double
             * @description Of the beacons sent, how many never came; 0 to 1; null of none.
             */
            loss_ratio?: number | null;
        };
        /** @description A device class and its quality in the window. */
        DeviceClassQuality: components["schemas"]["Quality"] & {
            /** @description Its name; empty when unknown. */
            device_class: string;
            /**
             * Format: int64
             * @description Sessions there now.
             */
            viewers: number;
        };
        /** @description Answer of `GET /v1/dimensions`. */
        DimensionList: {
            /** @description Every dimension. */
            dimensions: components["schemas"]["DimensionShown"][];
        };
        /** @description A dimension. */
        DimensionShown: {
            /** @description What it is. */
            meaning: string;
            /** @description Its name in `group_by`, `filter` and answers. */
            name: string;
            /**
             * @description The sets of dimensions in whose rollups it is: asked with others of one of these, a window may be 31 days long.
             *     None: it is counted play by play, in a window of 7 days at most.
             */
            sets: string[];
        };
        /** @description Answer of `GET /v1/engagement`. */
        EngagementAnswer: components["schemas"]["Stamp"] & {
            /** @description How far the plays came. */
            completion: components["schemas"]["Completion"];
            /** @description The views of the warehouse that were read. */
            computed_from: string[];
            /** @description The title. */
            content_id: string;
            /** @description The curve; entry i is about the title from i times `step_seconds` on. */
            curve: components["schemas"]["Curve"];
            /** @description Begin of the window in which the plays began; RFC 3339. */
            from: string;
            /**
             * Format: int32
             * @description Length of a stretch of the title.
             */
            step_seconds: number;
            /** @description Its end, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description A session in which it happened. */
        ErrorExample: {
            /** @description When it happened there last; event time, RFC 3339. */
            at: string;
            /** @description Its title, empty = not told. */
            content_id: string;
            /** @description The session, as its client names it. */
            session_id: string;
            /** @description Its viewer, empty = not told. */
            viewer_id: string;
        };
        /** @description How often something went wrong, and for whom. */
        ErrorMetrics: {
            /**
             * Format: int64
             * @description Errors of any kind.
             */
            error_count: number;
            /** @description The three sessions in which it happened last: `GET /v1/sessions/{session_id}` shows each. */
            examples: components["schemas"]["ErrorExample"][];
            /**
             * Format: int64
             * @description Of these, fatal ones: the playback failed.
             */
            fatal_error_count: number;
            /** @description First of them in the window; event time, RFC 3339. */
            first_seen_at: string;
            /** @description Latest of them in the window; event time, RFC 3339. */
            last_seen_at: string;
            /**
             * Format: int64
             * @description Of these, refusals by rule, such as geography or too many devices.
             */
            refusal_count: number;
            /**
             * Format: int64
             * @description Sessions in which it happened.
             */
            sessions: number;
            /**
             * Format: int64
             * @description Distinct viewers to whom it happened; sessions without a viewer id are left out.
             */
            viewers: number;
        };
        /** @enum {string} */
        Family: "cta2066" | "mux" | "conviva" | "playhead";
        /** @description Answer of `GET /v1/freshness`. */
        FreshnessAnswer: components["schemas"]["Stamp"] & {
            /**
             * Format: int64
             * @description How long ago `complete_to` is; ms; null when the last hour has no session.
             */
            complete_age_ms?: number | null;
            /** @description The views of the warehouse that were read. */
            computed_from: string[];
            /** @description Kafka messages that the warehouse could not read. */
            dead_letters: components["schemas"]["DeadLetters"];
            /**
             * Format: int64
             * @description How long ago `complete_to` is while beacons come without a pause: silence is waited for, then the passes run; ms.
             */
            settling_ms: number;
            /** @description The stages, in the order in which a beacon comes through them. A stage in which nothing is to be done stands still. */
            stages: components["schemas"]["Stage"][];
        };
        /** @description How many came to each step; docs/views.md, section 4. */
        FunnelCounts: {
            /**
             * Format: int64
             * @description Plays that were asked for.
             */
            attempts: number;
            /**
             * Format: int64
             * @description Of these, with a first frame.
             */
            first_frames: number;
            /**
             * Format: int64
             * @description Times that the title was offered; null where only sessions know the dimensions asked for.
             */
            impressions?: number | null;
            /**
             * Format: int64
             * @description Its end.
             */
            reached_100: number;
            /**
             * Format: int64
             * @description Of these, that reached a quarter of the title.
             */
            reached_25: number;
            /**
             * Format: int64
             * @description Half of it.
             */
            reached_50: number;
            /**
             * Format: int64
             * @description Three quarters of it.
             */
            reached_75: number;
        };
        /** @description A funnel. */
        FunnelMetrics: components["schemas"]["FunnelCounts"] & {
            /** @description The same step by step, with what was lost before it; without impressions the first is the attempt. */
            steps: components["schemas"]["FunnelStep"][];
        };
        /** @description A step of the funnel. */
        FunnelStep: {
            /**
             * Format: int64
             * @description How many came to it.
             */
            count: number;
            /**
             * Format: int64
             * @description How many of the step before did not; negative where attempts came from elsewhere than impressions; null of the first.
             */
            dropped?: number | null;
            /**
             * Format: double
             * @description Of the first step, how many came to it; null of nothing.
             */
            kept_of_first_ratio?: number | null;
            /**
             * Format: double
             * @description Of the step before, how many came to it; null of the first, and of nothing.
             */
            kept_ratio?: number | null;
            /** @description `impressions`, `attempts`, `first_frames`, `reached_25`, `reached_50`, `reached_75` or `reached_100`. */
            step: string;
        };
        /** @enum {string} */
        Grain: "minute" | "session" | "audience" | "second" | "break" | "day";
        /** @enum {string} */
        HigherIs: "better" | "worse" | "neither";
        /** @description A stretch of one state. */
        Interval: {
            /** @description Its begin; event time, RFC 3339. */
            from: string;
            /** @description `preloading`, `starting`, `playing`, `stalled`, `seeking`, `paused` or `in_ad`. */
            state: string;
            /** @description Its end, which does not belong to it; event time, RFC 3339. */
            to: string;
        };
        /** @description Answer of `GET /v1/live`. */
        Live: components["schemas"]["Stamp"] & {
            /** @description The concurrency curve of the window. */
            concurrency: components["schemas"]["Concurrency"];
            /** @description Device classes, by viewers now. */
            device_classes: components["schemas"]["DeviceClassQuality"][];
            /** @description Begin of the window, a full minute; RFC 3339. */
            from: string;
            /** @description Quality minute by minute, none left out. */
            minutes: components["schemas"]["Minute"][];
            /** @description Sessions in each status now; those who left within the last ten minutes included. */
            statuses: {
                [key: string]: number;
            };
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
            /** @description Titles with the most viewers now, then the most plays in the window; ten at most. */
            top_content: components["schemas"]["ContentQuality"][];
            /** @description Quality of the window's minutes together. */
            totals: components["schemas"]["Quality"];
            /**
             * Format: int64
             * @description Sessions that are there now.
             */
            viewers_now: number;
        };
        /** @description What one viewer is doing now. */
        LiveViewer: {
            /**
             * Format: int32
             * @description Bitrate; kbit/s.
             */
            bitrate_kbps?: number | null;
            /**
             * Format: int32
             * @description Media ahead of the playhead; ms.
             */
            buffer_ms?: number | null;
            /** @description Title, empty = not told. */
            content_id: string;
            /** @description Country, empty = unknown. */
            country: string;
            /** @description Device class, empty = unknown. */
            device_class: string;
            /** @description Inside an ad break. */
            in_ad: boolean;
            /** @description When that was; event time as the gateway estimates it, RFC 3339. */
            last_seen_at: string;
            /**
             * Format: int64
             * @description Playhead; ms.
             */
            position_ms?: number | null;
            /** @description One playback, as the client names it. */
            session_id: string;
            /** @description Hash of tenant and session id; decimal text, since JSON numbers lose its last digits. */
            session_key: string;
            /** @description The play state last told. */
            state: string;
            /**
             * @description `finished`, `gone`, `paused`, `in_ad`, `starting`, `buffering` or `watching`;
             *     `docs/sessions.md`, section 8.
             */
            status: string;
            /** @description Person or household watching, empty = not told. */
            viewer_id: string;
        };
        /** @description Answer of `GET /v1/viewers/live`. */
        LiveViewers: components["schemas"]["Stamp"] & {
            /** @description Sessions in each status, those who left within the last ten minutes included. */
            statuses: {
                [key: string]: number;
            };
            /** @description The viewers asked for, the latest seen first. */
            viewers: components["schemas"]["LiveViewer"][];
            /**
             * Format: int64
             * @description Sessions that are there: all but finished and gone.
             */
            viewers_now: number;
        };
        /** @description How an answer was computed; stands in every answer of this folder. */
        Method: {
            /** @description The views that were read. */
            computed_from: string[];
            /** @description In whose terms concepts were understood. */
            definition: string;
        };
        /** @description A metric as `sql/metrics.toml` defines it. */
        Metric: {
            /** @description The columns that the formula needs. */
            columns: string[];
            /** @description The question that it answers; definitions of one concept stand side by side. */
            concept: string;
            /** @description How far the value may be from the truth; empty when it is exact. */
            error?: string;
            /** @description Whose definition it is. */
            family: components["schemas"]["Family"];
            /** @description SQL aggregate over the columns of the grain's view. */
            formula: string;
            /** @description What its formula reads. */
            grain: components["schemas"]["Grain"];
            /** @description Whether more of it is good news. */
            higher_is: components["schemas"]["HigherIs"];
            /** @description What it counts, for a person. */
            meaning: string;
            /** @description Unique, in snake case, with its unit. */
            name: string;
            /** @description Where the definition is written down, and what of it is our reading. */
            source: string;
            /** @description Unit of its value. */
            unit: components["schemas"]["Unit"];
        };
        /** @description Quality of one minute. */
        Minute: components["schemas"]["Quality"] & {
            /** @description Its begin; event time, RFC 3339. */
            minute: string;
        };
        /** @description The highest point of the curve. */
        Peak: {
            /** @description The instant; event time, RFC 3339. */
            second: string;
            /**
             * Format: int64
             * @description Sessions there.
             */
            sessions: number;
        };
        /** @description One play of a session; most sessions have one. Unknown texts are empty, unknown numbers null. */
        Play: components["schemas"]["PlaySummary"] & {
            /** @description Paying account, empty = not told. */
            account_id: string;
            /**
             * Format: int32
             * @description Ad breaks begun; count.
             */
            ad_break_count: number;
            /**
             * Format: int32
             * @description Ads clicked; count.
             */
            ad_click_count: number;
            /**
             * Format: int32
             * @description Ads played to their end; count.
             */
            ad_end_count: number;
            /**
             * Format: int32
             * @description Ads failed; count.
             */
            ad_error_count: number;
            /**
             * Format: int32
             * @description Ads played to a quarter; count.
             */
            ad_first_quartile_count: number;
            /**
             * Format: int32
             * @description Ads counted as seen; count.
             */
            ad_impression_count: number;
            /**
             * Format: int32
             * @description Ads played to the half; count.
             */
            ad_midpoint_count: number;
            /**
             * Format: int64
             * @description Time in ad breaks; ms.
             */
            ad_ms: number;
            /**
             * Format: int32
             * @description Ads skipped; count.
             */
            ad_skip_count: number;
            /**
             * Format: int32
             * @description Ads begun; count.
             */
            ad_start_count: number;
            /**
             * Format: int32
             * @description Ads played to three quarters; count.
             */
            ad_third_quartile_count: number;
            /**
             * Format: int32
             * @description Autonomous system number.
             */
            asn?: number | null;
            /** @description Language of the sound, BCP 47, empty = not told. */
            audio_language: string;
            /**
             * Format: double
             * @description Time-weighted picture height of what was played; pixels; null when not known.
             */
            average_height?: number | null;
            /**
             * Format: int64
             * @description Time with the application in the background; ms.
             */
            background_ms: number;
            /**
             * Format: int64
             * @description Copies that were sent again, on its first play; count.
             */
            beacons_duplicated: number;
            /**
             * Format: int64
             * @description Gaps in the ordinals; count.
             */
            beacons_lost: number;
            /**
             * Format: int64
             * @description Distinct beacons; count.
             */
            beacons_received: number;
            /**
             * Format: int64
             * @description Received and lost, on its first play; count.
             */
            beacons_sent: number;
            /**
             * Format: int64
             * @description Bits played where the bitrate is known; kbit.
             */
            bitrate_kbit: number;
            /**
             * Format: int64
             * @description Playing time with a known bitrate; ms.
             */
            bitrate_known_ms: number;
            /**
             * Format: int32
             * @description Changes of bitrate; count.
             */
            bitrate_switch_count: number;
            /**
             * Format: int32
             * @description Changes to a greater bitrate; count.
             */
            bitrate_upswitch_count: number;
            /**
             * Format: int32
             * @description Changes of CDN; count.
             */
            cdn_switch_count: number;
            /**
             * Format: int64
             * @description Added to the client's clock to get event time; ms.
             */
            clock_offset_ms: number;
            /** @description Effective connection type as told (4g, 3g), empty = unknown. */
            connection_quality: string;
            /** @description wifi, cellular or ethernet, empty = unknown. */
            connection_type: string;
            /** @description Channel of the title, empty = not told. */
            content_channel: string;
            /**
             * Format: int64
             * @description Length of the title; ms.
             */
            content_duration_ms?: number | null;
            /** @description Episode of the title, empty = not told. */
            content_episode: string;
            /** @description Programme of the title, empty = not told. */
            content_programme: string;
            /** @description Season of the title, empty = not told. */
            content_season: string;
            /** @description Series of the title, empty = not told. */
            content_series: string;
            /**
             * Format: int64
             * @description How often the client began to count anew, on its first play; count.
             */
            counter_resets: number;
            /** @description Installation or device, empty = not told. */
            device_id: string;
            /** @description Device model, empty = unknown. */
            device_model: string;
            /**
             * Format: int64
             * @description Part of the start-up: DRM; ms; null when not told.
             */
            drm_startup_ms?: number | null;
            /**
             * Format: int32
             * @description Frames dropped; count; null when not told.
             */
            dropped_frames?: number | null;
            /** @description Experiment to variant. */
            experiments: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Playhead at the first frame; ms; null when not told.
             */
            first_position_ms?: number | null;
            /**
             * Format: int64
             * @description Part of the start-up: the first segment; ms; null when not told.
             */
            first_segment_startup_ms?: number | null;
            /**
             * Format: int64
             * @description Furthest playhead; ms; null when not told.
             */
            furthest_position_ms?: number | null;
            /** @description It failed by rule (geography, concurrency), not for a technical reason. */
            is_business_failure: boolean;
            /** @description Whether the client's totals changed any number. */
            is_repaired: boolean;
            /** @description Whether a frame of the content was shown. */
            is_started: boolean;
            /** @description Internet provider, empty = unknown. */
            isp: string;
            /**
             * Format: int64
             * @description Playhead of the latest beacon that tells one; ms; null when not told.
             */
            last_position_ms?: number | null;
            /**
             * Format: int64
             * @description The longest stall; ms; 0 = none.
             */
            longest_stall_ms: number;
            /**
             * Format: int64
             * @description Part of the start-up: the manifest; ms; null when not told.
             */
            manifest_startup_ms?: number | null;
            /**
             * Format: int64
             * @description Media played: playing time times the playback rate; ms.
             */
            media_ms: number;
            /** @description Version of the operating system, empty = unknown. */
            os_version: string;
            /**
             * Format: int64
             * @description Time in paused; ms.
             */
            paused_ms: number;
            /** @description Player, empty = unknown. */
            player_name: string;
            /**
             * Format: int64
             * @description Part of the start-up: the player; ms; null when not told.
             */
            player_startup_ms?: number | null;
            /** @description Version of the player, empty = unknown. */
            player_version: string;
            /**
             * Format: int64
             * @description Preloading before the first frame; ms.
             */
            preload_ms: number;
            /** @description Profile inside the account, empty = not told. */
            profile_id: string;
            /**
             * Format: int32
             * @description Quarters of the title that were reached, 4 when finished; null when not known.
             */
            quartile?: number | null;
            /** @description Region, ISO 3166-2, empty = unknown. */
            region: string;
            /**
             * Format: int64
             * @description Time that the client's totals have more than its timeline, taken from playing; ms (docs/sessions.md 7).
             */
            repaired_ms: number;
            /** @description Version of the client library, empty = not told. */
            sdk_version: string;
            /**
             * Format: int32
             * @description Seeks; count.
             */
            seek_count: number;
            /**
             * Format: int64
             * @description Time in seeking, buffering after the seek included; ms.
             */
            seeking_ms: number;
            /** @description The door. */
            source: string;
            /**
             * Format: int64
             * @description Time in starting; ms.
             */
            starting_ms: number;
            /** @description The stream type, empty = not told. */
            stream_type: string;
            /** @description Language of the subtitles, BCP 47 or off, empty = not told. */
            subtitle_language: string;
            /**
             * Format: int32
             * @description Greatest bitrate played; kbit/s; null when not known.
             */
            top_bitrate_kbps?: number | null;
            /**
             * Format: int32
             * @description Greatest picture height played; pixels; null when not known.
             */
            top_height?: number | null;
            /** @description When the row was computed; RFC 3339. */
            version: string;
            /** @description Groups sessions of one visit, empty = not told. */
            visit_id: string;
        };
        /** @description What tells plays apart at a glance: what a list shows of each. Unknown texts are empty, unknown numbers null. */
        PlaySummary: {
            /** @description Version of the application, empty = unknown. */
            app_version: string;
            /**
             * Format: double
             * @description Time-weighted bitrate of what was played; kbit/s; null when not known.
             */
            average_bitrate_kbps?: number | null;
            /** @description CDN used last, empty = unknown. */
            cdn: string;
            /** @description Title, empty = not told. */
            content_id: string;
            /** @description Title of the title, empty = not told. */
            content_title: string;
            /** @description Country, ISO 3166-1 alpha-2, empty = unknown. */
            country: string;
            /** @description State since the last mark, while it runs: preloading, starting, playing, stalled, seeking, paused or `in_ad`; empty when it has ended or told none. */
            current_state: string;
            /** @description The device class, empty = unknown. */
            device_class: string;
            /**
             * @description `running`, `finished`, `exited`, `exited_before_start`, `failed`, `failed_before_start` or
             *     `timed_out`.
             */
            end_reason: string;
            /** @description End, told or by silence; event time, RFC 3339; null while it runs. */
            ended_at?: string | null;
            /**
             * Format: int32
             * @description Errors, fatal ones included; count.
             */
            error_count: number;
            /**
             * Format: int32
             * @description Fatal errors; count.
             */
            fatal_error_count: number;
            /** @description First frame of the content; event time, RFC 3339; null when never. */
            first_frame_at?: string | null;
            /** @description Code of the latest error, empty = none. */
            last_error_code: string;
            /** @description Latest beacon; event time, RFC 3339. */
            last_seen_at: string;
            /** @description Operating system, empty = unknown. */
            os_name: string;
            /**
             * Format: int32
             * @description Which play of the session, from 1: a session that goes on to another title has several.
             */
            play_no: number;
            /**
             * Format: int64
             * @description Time in playing; ms.
             */
            playing_ms: number;
            /** @description One playback, as the client names it. */
            session_id: string;
            /** @description Hash of tenant and session id; decimal text, since JSON numbers lose its last digits. */
            session_key: string;
            /**
             * Format: int32
             * @description Stalls; count.
             */
            stall_count: number;
            /**
             * Format: int64
             * @description Time in stalled; ms.
             */
            stalled_ms: number;
            /** @description Earliest beacon; event time, RFC 3339. */
            started_at: string;
            /**
             * Format: int64
             * @description Start-up time: starting, until the first frame, without breaks and pauses; ms; null when not known.
             */
            startup_ms?: number | null;
            /** @description Person or household watching, empty = not told. */
            viewer_id: string;
            /**
             * Format: int64
             * @description CTA-2066 watched time: all of these but paused; ms; 0 when not started.
             */
            watch_ms: number;
        };
        /** @description One play with its timeline. */
        PlayTimeline: components["schemas"]["Play"] & {
            /** @description Errors and ad events. */
            events: components["schemas"]["TimelineEvent"][];
            /** @description Joined stretches of one state, in order of time. */
            intervals: components["schemas"]["Interval"][];
            /** @description Stretches of playing with a known bitrate. */
            renditions: components["schemas"]["Rendition"][];
            /** @description Stretches of the title that were played; ms of the title. */
            watched: components["schemas"]["Watched"][];
        };
        /**
         * @description A problem (RFC 9457). Some kinds have further members: `line`, `column` and `advice` of a query that cannot be
         *     read, `what` and `advice` of one that is not allowed, `code` of what ClickHouse refused.
         */
        Problem: {
            /** @description What happened and what to do, for a person. */
            detail: string;
            /**
             * @description Stable name, in snake case.
             * @example bad_parameter
             */
            reason: string;
            /**
             * Format: int32
             * @description HTTP status.
             * @example 400
             */
            status: number;
            /**
             * @description The words of the status.
             * @example Bad Request
             */
            title: string;
            /**
             * @description `urn:playhead:problem:` and the reason.
             * @example urn:playhead:problem:bad_parameter
             */
            type: string;
        };
        /** @description The measures with the ratios that everybody asks for. */
        Quality: components["schemas"]["QualitySums"] & {
            /**
             * Format: double
             * @description Time-weighted bitrate of what was played; kbit/s; null when not known.
             */
            average_bitrate_kbps?: number | null;
            /**
             * Format: double
             * @description CTA-2066 rebuffering ratio: stalled / watched; null when nothing was watched.
             */
            rebuffering_ratio?: number | null;
            /**
             * Format: double
             * @description Mean of the known start-up times; ms; null when none is known.
             */
            startup_ms_mean?: number | null;
            /**
             * Format: int64
             * @description Watched time: starting, playing, stalled, seeking and ads; ms.
             */
            watch_ms: number;
        };
        /** @description Answer of `GET /v1/quality`. */
        QualityAnswer: components["schemas"]["Stamp"] & {
            /**
             * @description In whose terms concepts were understood.
             * @example cta2066
             */
            definition: string;
            /** @description Begin of the window, a full minute; RFC 3339. */
            from: string;
            /** @description Each metric with its value; null when there is nothing to tell it from. */
            metrics: {
                [key: string]: number | null;
            };
            /** @description End of the window, a full minute that does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description The additive measures of a stretch of time. */
        QualitySums: {
            /**
             * Format: int64
             * @description Ads clicked.
             */
            ad_click_count: number;
            /**
             * Format: int64
             * @description Ads played to their end.
             */
            ad_end_count: number;
            /**
             * Format: int64
             * @description Time in ad breaks; ms.
             */
            ad_ms: number;
            /**
             * Format: int64
             * @description Ads skipped.
             */
            ad_skip_count: number;
            /**
             * Format: int64
             * @description Ads begun.
             */
            ad_start_count: number;
            /**
             * Format: int64
             * @description Sessions that began; by their begin.
             */
            attempts: number;
            /**
             * Format: int64
             * @description Playing time with a known bitrate, times that bitrate; ms x kbit/s.
             */
            bitrate_kbit_ms: number;
            /**
             * Format: int64
             * @description Playing time with a known bitrate; ms.
             */
            bitrate_known_ms: number;
            /**
             * Format: int64
             * @description Started sessions that ended; by their end.
             */
            ended_plays: number;
            /**
             * Format: int64
             * @description Errors.
             */
            error_count: number;
            /**
             * Format: int64
             * @description Sessions left before the first frame; by their end.
             */
            exits_before_start: number;
            /**
             * Format: int64
             * @description Started sessions that failed; by their end.
             */
            failures: number;
            /**
             * Format: int64
             * @description Sessions failed before the first frame; by their end.
             */
            failures_before_start: number;
            /**
             * Format: int64
             * @description Time in paused; ms.
             */
            paused_ms: number;
            /**
             * Format: int64
             * @description Time in playing; ms.
             */
            playing_ms: number;
            /**
             * Format: int64
             * @description Sessions that showed their first frame; by that.
             */
            plays: number;
            /**
             * Format: int64
             * @description Time in seeking; ms.
             */
            seeking_ms: number;
            /**
             * Format: int64
             * @description Stalls; by their begin.
             */
            stall_count: number;
            /**
             * Format: int64
             * @description Time in stalled; ms.
             */
            stalled_ms: number;
            /**
             * Format: int64
             * @description Time in starting; ms.
             */
            starting_ms: number;
            /**
             * Format: int64
             * @description Start-up times in that sum.
             */
            startup_count: number;
            /**
             * Format: int64
             * @description Sum of the known start-up times, by the first frame; ms.
             */
            startup_ms_sum: number;
            /**
             * Format: int64
             * @description Sessions closed for silence; by their end.
             */
            timeouts: number;
        };
        /** @description Answer of the resources that are tables. */
        Ranked_AdMetrics: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description What the rows are told apart by. */
            group_by: string[];
            /** @description `cursor` of the next page; null on the last. */
            next_cursor?: string | null;
            /** @description How the rows are sorted; `-` before it: the greatest first. */
            order: string;
            /** @description A row for each combination of values; none where nothing happened. */
            rows: components["schemas"]["Row_AdMetrics"][];
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description Answer of the resources that are tables. */
        Ranked_DeliveryMetrics: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description What the rows are told apart by. */
            group_by: string[];
            /** @description `cursor` of the next page; null on the last. */
            next_cursor?: string | null;
            /** @description How the rows are sorted; `-` before it: the greatest first. */
            order: string;
            /** @description A row for each combination of values; none where nothing happened. */
            rows: components["schemas"]["Row_DeliveryMetrics"][];
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description Answer of the resources that are tables. */
        Ranked_ErrorMetrics: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description What the rows are told apart by. */
            group_by: string[];
            /** @description `cursor` of the next page; null on the last. */
            next_cursor?: string | null;
            /** @description How the rows are sorted; `-` before it: the greatest first. */
            order: string;
            /** @description A row for each combination of values; none where nothing happened. */
            rows: components["schemas"]["Row_ErrorMetrics"][];
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description Answer of the resources that are tables. */
        Ranked_FunnelMetrics: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description What the rows are told apart by. */
            group_by: string[];
            /** @description `cursor` of the next page; null on the last. */
            next_cursor?: string | null;
            /** @description How the rows are sorted; `-` before it: the greatest first. */
            order: string;
            /** @description A row for each combination of values; none where nothing happened. */
            rows: components["schemas"]["Row_FunnelMetrics"][];
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description Answer of the resources that are tables. */
        Ranked_UsageMetrics: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description What the rows are told apart by. */
            group_by: string[];
            /** @description `cursor` of the next page; null on the last. */
            next_cursor?: string | null;
            /** @description How the rows are sorted; `-` before it: the greatest first. */
            order: string;
            /** @description A row for each combination of values; none where nothing happened. */
            rows: components["schemas"]["Row_UsageMetrics"][];
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description All definitions, in the order of the file. */
        Registry: {
            /** @description The definitions. */
            metrics: components["schemas"]["Metric"][];
        };
        /** @description A stretch of playing with a known bitrate. */
        Rendition: {
            /**
             * Format: int32
             * @description Bitrate; kbit/s.
             */
            bitrate_kbps: number;
            /** @description Its begin; event time, RFC 3339. */
            from: string;
            /** @description Its end, which does not belong to it; event time, RFC 3339. */
            to: string;
        };
        /** @description Answer of `GET /v1/retention`. */
        RetentionAnswer: components["schemas"]["Stamp"] & {
            /** @description The weeks in which viewers were first seen, in order. */
            cohorts: components["schemas"]["Cohort"][];
            /** @description The views of the warehouse that were read. */
            computed_from: string[];
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description Its end, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description What is told of one combination of values. */
        Row_AdMetrics: {
            /** @description Each of `group_by` with its value; empty = unknown. */
            group: {
                [key: string]: string;
            };
            /** @description What became of ads. */
            metrics: components["schemas"]["AdCounts"] & {
                /**
                 * Format: double
                 * @description Of the ads that began, how many were clicked; 0 to 1.
                 */
                click_ratio?: number | null;
                /**
                 * Format: double
                 * @description Of the ads that began, how many played to their end; 0 to 1; null without any.
                 */
                completion_ratio?: number | null;
                /**
                 * Format: double
                 * @description Of the ads that began or failed, how many failed; 0 to 1.
                 */
                error_ratio?: number | null;
                /**
                 * Format: double
                 * @description Of the breaks, how many had an ad; 0 to 1; null without breaks, or where ads are told apart.
                 */
                fill_ratio?: number | null;
                /**
                 * Format: double
                 * @description Of the ads that began, how many were skipped; 0 to 1.
                 */
                skip_ratio?: number | null;
            };
        };
        /** @description What is told of one combination of values. */
        Row_DeliveryMetrics: {
            /** @description Each of `group_by` with its value; empty = unknown. */
            group: {
                [key: string]: string;
            };
            /** @description How beacons came through. */
            metrics: components["schemas"]["DeliveryCounts"] & {
                /**
                 * Format: double
                 * @description Copies that were sent again, for each beacon received; null of none.
                 */
                duplicate_ratio?: number | null;
                /**
                 * Format: double
                 * @description Of the beacons sent, how many never came; 0 to 1; null of none.
                 */
                loss_ratio?: number | null;
            };
        };
        /** @description What is told of one combination of values. */
        Row_ErrorMetrics: {
            /** @description Each of `group_by` with its value; empty = unknown. */
            group: {
                [key: string]: string;
            };
            /** @description How often something went wrong, and for whom. */
            metrics: {
                /**
                 * Format: int64
                 * @description Errors of any kind.
                 */
                error_count: number;
                /** @description The three sessions in which it happened last: `GET /v1/sessions/{session_id}` shows each. */
                examples: components["schemas"]["ErrorExample"][];
                /**
                 * Format: int64
                 * @description Of these, fatal ones: the playback failed.
                 */
                fatal_error_count: number;
                /** @description First of them in the window; event time, RFC 3339. */
                first_seen_at: string;
                /** @description Latest of them in the window; event time, RFC 3339. */
                last_seen_at: string;
                /**
                 * Format: int64
                 * @description Of these, refusals by rule, such as geography or too many devices.
                 */
                refusal_count: number;
                /**
                 * Format: int64
                 * @description Sessions in which it happened.
                 */
                sessions: number;
                /**
                 * Format: int64
                 * @description Distinct viewers to whom it happened; sessions without a viewer id are left out.
                 */
                viewers: number;
            };
        };
        /** @description What is told of one combination of values. */
        Row_FunnelMetrics: {
            /** @description Each of `group_by` with its value; empty = unknown. */
            group: {
                [key: string]: string;
            };
            /** @description A funnel. */
            metrics: components["schemas"]["FunnelCounts"] & {
                /** @description The same step by step, with what was lost before it; without impressions the first is the attempt. */
                steps: components["schemas"]["FunnelStep"][];
            };
        };
        /** @description What is told of one combination of values. */
        Row_UsageMetrics: {
            /** @description Each of `group_by` with its value; empty = unknown. */
            group: {
                [key: string]: string;
            };
            /** @description What was taken in. */
            metrics: {
                /**
                 * Format: int64
                 * @description Plays that were asked for, by when they began.
                 */
                attempts: number;
                /**
                 * Format: int64
                 * @description Copies that were sent again.
                 */
                beacons_duplicated: number;
                /**
                 * Format: int64
                 * @description Beacons of these that never came.
                 */
                beacons_lost: number;
                /**
                 * Format: int64
                 * @description Distinct beacons of the sessions that ended then.
                 */
                beacons_received: number;
                /**
                 * Format: int64
                 * @description Time that titles played; ms.
                 */
                playing_ms: number;
                /**
                 * Format: int64
                 * @description Plays that showed their first frame, by when they did.
                 */
                plays: number;
            };
        };
        /** @description The metrics of one combination of values. */
        Series: {
            /** @description Each dimension with its value; empty = unknown. */
            group: {
                [key: string]: string;
            };
            /** @description Each metric with a value a step; null when there is nothing to tell it from. */
            metrics: {
                [key: string]: (number | null)[];
            };
        };
        /** @description Answer of `GET /v1/sessions/{session_id}`. */
        SessionAnswer: components["schemas"]["Stamp"] & {
            /** @description Its plays with their timelines, in order; most sessions have one. */
            plays: components["schemas"]["PlayTimeline"][];
        };
        /** @description What a session's delivery came to. */
        SessionDelivery: {
            /**
             * Format: int64
             * @description Copies that were sent again; only the first copy of a beacon is kept.
             */
            beacons_duplicated: number;
            /**
             * Format: int64
             * @description Gaps in the counters.
             */
            beacons_lost: number;
            /**
             * Format: int64
             * @description Distinct beacons that came.
             */
            beacons_received: number;
            /**
             * Format: int64
             * @description How often the client began to count anew.
             */
            counter_resets: number;
        };
        /** @description Answer of `GET /v1/sessions`. */
        SessionList: components["schemas"]["Stamp"] & {
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description Whether more plays touch the window than `limit` allowed. */
            has_more: boolean;
            /** @description `cursor` of the next page; null on the last. */
            next_cursor?: string | null;
            /**
             * @description The plays that touch the window, the latest started first; most sessions have one. With `columns=all` each has every
             *     column of `Play`.
             */
            sessions: components["schemas"]["PlaySummary"][];
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description A JSON body. */
        SqlQuery: {
            /** @description Begin of the window of the views; RFC 3339, `now` or `now-6h`. */
            from?: string | null;
            /**
             * @description One SELECT in ClickHouse's dialect, over the documented `*_v` views.
             * @example SELECT count() FROM sessions_v
             */
            query: string;
            /** @description The session whose beacons are read; a whole number, as text. */
            session_key?: string | null;
            /** @description Its end, which does not belong to it. */
            to?: string | null;
        };
        /** @description A stage of the warehouse. */
        Stage: {
            /**
             * Format: int64
             * @description How long ago that was; ms.
             */
            age_ms?: number | null;
            /**
             * Format: int64
             * @description How long after the newest beacon was taken in it stands; ms; 0 when it has caught up.
             */
            lag_ms?: number | null;
            /** @description The newest it has written; server time, RFC 3339; null when nothing within a day. */
            newest_at?: string | null;
            /** @description `beacons` (taken in from Kafka) and `sessions` (computed) of this tenant, then each pass by its name, of all tenants. */
            stage: string;
        };
        /** @description Stands in every answer. */
        Stamp: {
            /**
             * @description Everything received until then is in, and sessions silent by then are closed: the newest
             *     moment of play in the warehouse, less the liveness window and the pace of its passes. It
             *     stands still while nothing comes. RFC 3339; null when the last hour has no session.
             */
            complete_to?: string | null;
            /** @description When the answer was computed; RFC 3339. */
            computed_at: string;
            /** @description What lies before is frozen: no beacon can be accepted that would change it. RFC 3339. */
            final_before: string;
            /** @description Whether this answer had been computed before it was asked for */
            from_cache: boolean;
            /** @description Whether it is older than it should be, because the warehouse is away or slow */
            stale: boolean;
        };
        /** @description An error or ad event. Unknown texts are empty. */
        TimelineEvent: {
            /** @description The ad. */
            ad_id: string;
            /** @description When; event time, RFC 3339. */
            at: string;
            /** @description The break it is in. */
            break_id: string;
            /**
             * Format: int32
             * @description 30 error, 31 fatal error, 32 refusal by rule, 40 to 48 ad events; `docs/sessions.md`, section 3.
             */
            code: number;
            /** @description Of an error, or of an ad that failed. */
            error_code: string;
            /**
             * Format: int32
             * @description Of an ad quartile: 25, 50 or 75; else 0.
             */
            quartile: number;
        };
        /** @description Answer of `GET /v1/timeseries`. */
        TimeseriesAnswer: components["schemas"]["Stamp"] & components["schemas"]["Method"] & {
            /** @description Begin of the first step; RFC 3339. */
            from: string;
            /** @description The leading groups, or the one of all plays. */
            series: components["schemas"]["Series"][];
            /**
             * Format: int32
             * @description Length of a step; a day may be an hour longer or shorter where clocks change.
             */
            step_seconds: number;
            /** @description Where each step begins; RFC 3339. */
            times: string[];
            /** @description End of the last step, which does not belong to it; RFC 3339. */
            to: string;
        };
        /** @description Answer of `GET /v1/top`. */
        TopAnswer: components["schemas"]["Stamp"] & {
            /** @description By what the rows are told apart. */
            dimension: string;
            /** @description Begin of the window; RFC 3339. Null when it is about now. */
            from?: string | null;
            /** @description Name of the metric. */
            metric: string;
            /** @description The greatest first. */
            rows: components["schemas"]["TopRow"][];
            /** @description End of the window, which does not belong to it; RFC 3339. Null when it is about now. */
            to?: string | null;
        };
        /** @description A value of the dimension. */
        TopRow: {
            /**
             * Format: double
             * @description Its number; null when there is nothing to tell it from.
             */
            number?: number | null;
            /** @description The value, empty = unknown. */
            value: string;
        };
        /** @enum {string} */
        Unit: "count" | "per_second" | "per_minute" | "per_session" | "ms" | "kbps" | "ratio" | "score";
        /** @description What was taken in. */
        UsageMetrics: {
            /**
             * Format: int64
             * @description Plays that were asked for, by when they began.
             */
            attempts: number;
            /**
             * Format: int64
             * @description Copies that were sent again.
             */
            beacons_duplicated: number;
            /**
             * Format: int64
             * @description Beacons of these that never came.
             */
            beacons_lost: number;
            /**
             * Format: int64
             * @description Distinct beacons of the sessions that ended then.
             */
            beacons_received: number;
            /**
             * Format: int64
             * @description Time that titles played; ms.
             */
            playing_ms: number;
            /**
             * Format: int64
             * @description Plays that showed their first frame, by when they did.
             */
            plays: number;
        };
        /** @description Answer of `GET /v1/dimensions/{dimension}/values`. */
        ValueList: components["schemas"]["Stamp"] & {
            /** @description The view that was read. */
            computed_from: string;
            /** @description The dimension. */
            dimension: string;
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description End of the window, which does not belong to it; RFC 3339. */
            to: string;
            /** @description Its values, the most frequent first. */
            values: components["schemas"]["ValueShown"][];
        };
        /** @description A value of a dimension. */
        ValueShown: {
            /**
             * Format: int64
             * @description Playbacks that were asked for with it.
             */
            attempts: number;
            /** @description The value, empty = unknown. */
            value: string;
        };
        /** @description Answer of `GET /v1/viewers/{viewer_id}`. */
        ViewerAnswer: components["schemas"]["Stamp"] & {
            /** @description The views of the warehouse that were read. */
            computed_from: string[];
            /** @description Begin of the window; RFC 3339. */
            from: string;
            /** @description Whether more plays touch the window than `limit` allowed. */
            has_more: boolean;
            /** @description What they do now, by device, the latest seen first; empty when they are not there. */
            now: components["schemas"]["LiveViewer"][];
            /** @description Their plays, the latest started first, as lists show them. */
            plays: components["schemas"]["PlaySummary"][];
            /** @description Its end, which does not belong to it; RFC 3339. */
            to: string;
            /** @description What their plays that touch the window add up to. */
            totals: components["schemas"]["ViewerTotals"];
            /** @description The viewer, as the platform names them; a hash where the gateway hashes viewer ids. */
            viewer_id: string;
        };
        /** @description What a viewer's plays add up to. */
        ViewerTotals: {
            /**
             * Format: int64
             * @description Beacons that never came.
             */
            beacons_lost: number;
            /**
             * Format: int64
             * @description Distinct beacons that came.
             */
            beacons_received: number;
            /** @description What they watched; at most 100 titles. */
            content_ids: string[];
            /**
             * Format: int64
             * @description Of these, that failed, before or after the first frame.
             */
            failures: number;
            /** @description Begin of the first play; event time, RFC 3339; null without any. */
            first_seen_at?: string | null;
            /** @description Latest beacon; event time, RFC 3339; null without any. */
            last_seen_at?: string | null;
            /**
             * Format: int64
             * @description Time that titles played; ms.
             */
            playing_ms: number;
            /**
             * Format: int64
             * @description Plays asked for.
             */
            plays: number;
            /**
             * Format: int64
             * @description Stalls; count.
             */
            stall_count: number;
            /**
             * Format: int64
             * @description Time stalled; ms.
             */
            stalled_ms: number;
            /**
             * Format: int64
             * @description Of these, with a first frame.
             */
            started_plays: number;
            /**
             * Format: int64
             * @description CTA-2066 watched time; ms.
             */
            watch_ms: number;
        };
        /** @description A stretch of the title that was played. */
        Watched: {
            /**
             * Format: int64
             * @description Its begin; ms of the title.
             */
            from_ms: number;
            /**
             * Format: int64
             * @description Its end; ms of the title.
             */
            to_ms: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_ads: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`.
                 * @example now-1h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; likewise. By default now.
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC.
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Which plays are counted, as `dimension:operator:value`; may be repeated, then all must hold. Operators: `is`, `is_not`,
                 *     `in`, `not_in` (values separated by commas), `matches` (RE2).
                 * @example [
                 *       "cdn:is:akamai"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description What rows are told apart by, separated by commas; at most four.
                 * @example cdn
                 */
                group_by?: string;
                /** @description The count by which rows are sorted; with `-` before it the greatest come first. */
                order?: string;
                /** @description Most rows of a page; by default 100. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `json` (the default), `ndjson`, `csv`, `arrow` or `parquet`; else what `Accept` names. Lists inside a row stand in JSON only. */
                format?: string;
                /** @description Only this ad */
                ad_id?: string;
                /** @description Only this break */
                break_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A row for each combination of values */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ranked_AdMetrics"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_breakdown: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative: now-15m, now-7d, now-1d/d (units s, m, h, d, w). By default an hour before `to`
                 * @example now-6h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; by default now; at most 31 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description IANA name of the time zone whose days and hours are meant; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Names of metrics or concepts, separated by commas, at most 20; by default plays. `metric` is the same
                 * @example plays,rebuffering_ratio
                 */
                metrics?: string;
                /** @description In whose terms concepts are understood; by default cta2066 */
                definition?: components["schemas"]["Family"];
                /**
                 * @description Dimensions by which numbers are told apart, separated by commas, at most 4
                 * @example cdn,country
                 */
                group_by?: string;
                /**
                 * @description `dimension:operator:value`; all must hold. Operators: `is`, `is_not`, `in`, `not_in` (values
                 *     separated by commas), `matches` (RE2)
                 * @example [
                 *       "cdn:is:akamai",
                 *       "country:in:DE,AT"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description How the answer is written: `json`, `ndjson`, `csv`, or where one view tells all metrics `arrow` or `parquet`; by default as
                 *     `Accept` says
                 * @example csv
                 */
                format?: string;
                /**
                 * @description A metric or dimension of the question; with - before it the greatest come first. By default the first metric, the greatest first
                 * @example -plays
                 */
                order?: string;
                /** @description Most rows; by default 100 */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same question */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics by the values of dimensions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BreakdownAnswer"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_changes: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative: now-15m, now-7d, now-1d/d (units s, m, h, d, w). By default an hour before `to`
                 * @example now-6h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; by default now; at most 31 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description IANA name of the time zone whose days and hours are meant; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description A metric or concept that is a sum or a ratio of sums; by default plays
                 * @example rebuffering_ratio
                 */
                metric?: string;
                /** @description In whose terms a concept is understood; by default cta2066 */
                definition?: components["schemas"]["Family"];
                /**
                 * @description previous (the default: as long, right before it), day_before, week_before, or a window as from/to
                 * @example day_before
                 */
                against?: string;
                /**
                 * @description Dimensions to look through, separated by commas, at most 12; by default those of the rollups
                 * @example cdn,app_version
                 */
                dimensions?: string;
                /**
                 * @description `dimension:operator:value`; all must hold
                 * @example [
                 *       "country:in:DE,AT"
                 *     ]
                 */
                filter?: string[];
                /** @description Most contributors; by default 10 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the change comes from */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangesAnswer"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_comparison: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative: now-15m, now-7d, now-1d/d (units s, m, h, d, w). By default an hour before `to`
                 * @example now-6h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; by default now; at most 31 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description IANA name of the time zone whose days and hours are meant; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Names of metrics or concepts, separated by commas, at most 20; by default plays. `metric` is the same
                 * @example plays,rebuffering_ratio
                 */
                metrics?: string;
                /** @description In whose terms concepts are understood; by default cta2066 */
                definition?: components["schemas"]["Family"];
                /**
                 * @description Dimensions by which numbers are told apart, separated by commas, at most 4
                 * @example cdn,country
                 */
                group_by?: string;
                /**
                 * @description `dimension:operator:value`; all must hold. Operators: `is`, `is_not`, `in`, `not_in` (values
                 *     separated by commas), `matches` (RE2)
                 * @example [
                 *       "cdn:is:akamai",
                 *       "country:in:DE,AT"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description How the answer is written: `json`, `ndjson`, `csv`, or where one view tells all metrics `arrow` or `parquet`; by default as
                 *     `Accept` says
                 * @example csv
                 */
                format?: string;
                /**
                 * @description previous (the default: as long, right before it), day_before, week_before, or a window as from/to
                 * @example week_before
                 */
                against?: string;
                /**
                 * @description Of the first metric: value, change or change_ratio; with - before it the greatest first. By default -value
                 * @example -change
                 */
                order?: string;
                /** @description Most rows; by default 100 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics of two windows side by side */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComparisonAnswer"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_delivery: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`.
                 * @example now-1h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; likewise. By default now.
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC.
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Which plays are counted, as `dimension:operator:value`; may be repeated, then all must hold. Operators: `is`, `is_not`,
                 *     `in`, `not_in` (values separated by commas), `matches` (RE2).
                 * @example [
                 *       "cdn:is:akamai"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description What rows are told apart by, separated by commas; at most four.
                 * @example cdn
                 */
                group_by?: string;
                /** @description The count by which rows are sorted; with `-` before it the greatest come first. */
                order?: string;
                /** @description Most rows of a page; by default 100. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `json` (the default), `ndjson`, `csv`, `arrow` or `parquet`; else what `Accept` names. Lists inside a row stand in JSON only. */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A row for each combination of values */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ranked_DeliveryMetrics"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_dimensions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every dimension */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DimensionList"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_dimension_values: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative: now-15m, now-7d, now-1d/d (units s, m, h, d, w). By default an hour before `to`
                 * @example now-6h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; by default now; at most 31 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description IANA name of the time zone whose days and hours are meant; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Only values that have this in them, in any case
                 * @example aka
                 */
                search?: string;
                /** @description Most values; by default 100 */
                limit?: number;
                /**
                 * @description How the answer is written: `json`, `ndjson`, `csv`, `arrow` or `parquet`; by default as `Accept` says
                 * @example csv
                 */
                format?: string;
            };
            header?: never;
            path: {
                /**
                 * @description A dimension, as GET /v1/dimensions names it
                 * @example cdn
                 */
                dimension: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its values in the window; by default the day until now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ValueList"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_engagement: {
        parameters: {
            query: {
                /**
                 * @description The title
                 * @example film-1
                 */
                content_id: string;
                /**
                 * @description Begin of the window in which the plays began: RFC 3339 or relative; by default a day before `to`
                 * @example now-7d
                 */
                from?: string;
                /**
                 * @description Its end; by default now; at most 31 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days relative times mean; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Length of a stretch of the title, `1s` to `1h`; by default `1s`
                 * @example 10s
                 */
                step?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The curve of the title */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EngagementAnswer"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_errors: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`.
                 * @example now-1h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; likewise. By default now.
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC.
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Which plays are counted, as `dimension:operator:value`; may be repeated, then all must hold. Operators: `is`, `is_not`,
                 *     `in`, `not_in` (values separated by commas), `matches` (RE2).
                 * @example [
                 *       "cdn:is:akamai"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description What rows are told apart by, separated by commas; at most four.
                 * @example cdn
                 */
                group_by?: string;
                /** @description The count by which rows are sorted; with `-` before it the greatest come first. */
                order?: string;
                /** @description Most rows of a page; by default 100. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `json` (the default), `ndjson`, `csv`, `arrow` or `parquet`; else what `Accept` names. Lists inside a row stand in JSON only. */
                format?: string;
                /**
                 * @description Only `fatal` errors, `warning`s (not fatal) or `refusal`s by rule
                 * @example fatal
                 */
                kind?: string;
                /** @description Only this code */
                error_code?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A row for each combination of values, by default for each code */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ranked_ErrorMetrics"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_freshness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stages of the warehouse */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FreshnessAnswer"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_funnel: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`.
                 * @example now-1h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; likewise. By default now.
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC.
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Which plays are counted, as `dimension:operator:value`; may be repeated, then all must hold. Operators: `is`, `is_not`,
                 *     `in`, `not_in` (values separated by commas), `matches` (RE2).
                 * @example [
                 *       "cdn:is:akamai"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description What rows are told apart by, separated by commas; at most four.
                 * @example cdn
                 */
                group_by?: string;
                /** @description The count by which rows are sorted; with `-` before it the greatest come first. */
                order?: string;
                /** @description Most rows of a page; by default 100. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `json` (the default), `ndjson`, `csv`, `arrow` or `parquet`; else what `Accept` names. Lists inside a row stand in JSON only. */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A row for each combination of values */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ranked_FunnelMetrics"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_live: {
        parameters: {
            query?: {
                /**
                 * @description How far back: a number with s, m or h, from 60s to 6h; by default 15m
                 * @example 15m
                 */
                window?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the live page shows */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every definition */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_quality: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`
                 * @example now-1h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; likewise. By default now; at most 31 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Metrics or concepts, separated by commas; by default all that read minutes, or those of `definition`
                 * @example rebuffering_ratio,plays
                 */
                metrics?: string;
                /** @description In whose terms concepts are understood; by default cta2066 */
                definition?: components["schemas"]["Family"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each metric with its value */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QualityAnswer"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_retention: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339 or relative; by default 8 weeks before `to`
                 * @example now-8w
                 */
                from?: string;
                /**
                 * @description Its end; by default now; at most 400 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days relative times mean; weeks are UTC all the same
                 * @example Europe/Vienna
                 */
                time_zone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cohorts of the window */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionAnswer"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative such as now-15m, now-1d/d, then widened to full minutes. By default an hour before `to`
                 * @example 2026-11-21T10:00:00Z
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; likewise. By default now; at most 31 days after `from`
                 * @example 2026-11-21T11:00:00Z
                 */
                to?: string;
                /**
                 * @description Whose days relative times mean; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /** @description Only of this viewer */
                viewer_id?: string;
                /** @description Only of this title */
                content_id?: string;
                /**
                 * @description Which plays are listed, as `dimension:operator:value`; may be repeated, then all must hold. Operators: `is`, `is_not`, `in`, `not_in` (values separated by commas), `matches` (RE2)
                 * @example [
                 *       "end_reason:is:failed"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description What is told of each: `summary`, what lists show, or `all`, every column but the timelines; by default `summary`
                 * @example summary
                 */
                columns?: string;
                /** @description Most plays of a page; by default 100 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /**
                 * @description How the answer is written: `json`, `ndjson`, `csv`, `arrow` or `parquet`; by default as `Accept` says
                 * @example csv
                 */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plays that touch the window, the latest started first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As the player names the session
                 * @example s-42
                 */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plays of the session with their timelines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session of that id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_session_beacons: {
        parameters: {
            query?: {
                /** @description Most beacons of a page; by default 500 */
                limit?: number;
                /** @description `next_cursor` of the page before */
                cursor?: string;
                /** @description `json` (the default) or `ndjson`, an item a line and the cursor in the header `Playhead-Next-Cursor`; else what `Accept` names */
                format?: string;
            };
            header?: never;
            path: {
                /**
                 * @description As the player names the session
                 * @example s-42
                 */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session's beacons */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BeaconsAnswer"];
                    "application/x-ndjson": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No session of that id */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_sql: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window of the views, where the body is plain text; RFC 3339, now or now-6h
                 * @example now-6h
                 */
                from?: string;
                /**
                 * @description Its end
                 * @example now
                 */
                to?: string;
                /** @description The session whose beacons are read; a whole number */
                session_key?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One SELECT over the documented views, as JSON with its window, or as plain text */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SqlQuery"];
                "text/plain": string;
            };
        };
        responses: {
            /** @description The result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": number[];
                    "application/vnd.apache.parquet": number[];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No known format is accepted */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A limit was met */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_alerts: {
        parameters: {
            query?: never;
            header?: {
                /** @description The last event that was heard: what changed since is sent first */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-Sent Events; the data of each is an alert, of the first a list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_live: {
        parameters: {
            query?: never;
            header?: {
                /** @description The last event that was heard: what came since is sent first */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-Sent Events; the data of each is the answer of GET /v1/live */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stream_viewers: {
        parameters: {
            query?: never;
            header?: {
                /** @description The last event that was heard: what came since is sent first */
                "Last-Event-ID"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-Sent Events; the data of each is the answer of GET /v1/viewers/live */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_timeseries: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative: now-15m, now-7d, now-1d/d (units s, m, h, d, w). By default an hour before `to`
                 * @example now-6h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; by default now; at most 31 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description IANA name of the time zone whose days and hours are meant; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Names of metrics or concepts, separated by commas, at most 20; by default plays. `metric` is the same
                 * @example plays,rebuffering_ratio
                 */
                metrics?: string;
                /** @description In whose terms concepts are understood; by default cta2066 */
                definition?: components["schemas"]["Family"];
                /**
                 * @description Dimensions by which numbers are told apart, separated by commas, at most 4
                 * @example cdn,country
                 */
                group_by?: string;
                /**
                 * @description `dimension:operator:value`; all must hold. Operators: `is`, `is_not`, `in`, `not_in` (values
                 *     separated by commas), `matches` (RE2)
                 * @example [
                 *       "cdn:is:akamai",
                 *       "country:in:DE,AT"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description How the answer is written: `json`, `ndjson`, `csv`, or where one view tells all metrics `arrow` or `parquet`; by default as
                 *     `Accept` says
                 * @example csv
                 */
                format?: string;
                /**
                 * @description 1s, 10s, 1m, 5m, 15m, 1h, 1d or auto, the default: as fits the window. The window is widened to full steps
                 * @example 5m
                 */
                step?: string;
                /**
                 * @description By what the leading groups are found: a metric or dimension of the question; with - before it the greatest. By default the first metric, the greatest
                 * @example -plays
                 */
                order?: string;
                /** @description Most groups; by default 10 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics step by step */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeseriesAnswer"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_top: {
        parameters: {
            query: {
                /**
                 * @description Over a window: content_id, device_class, country, cdn, region, isp, app_version, source or variant; of `viewers_now`: content_id, device_class, country or status
                 * @example cdn
                 */
                dimension: string;
                /**
                 * @description A metric or concept that reads minutes, or viewers_now
                 * @example plays
                 */
                metric: string;
                /**
                 * @description Begin of the window: RFC 3339, or relative such as now-15m, now-1d/d. By default an hour before `to`
                 * @example 2026-11-21T10:00:00Z
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; likewise. By default now; at most 31 days after `from`
                 * @example 2026-11-21T11:00:00Z
                 */
                to?: string;
                /**
                 * @description Whose days relative times mean; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /** @description In whose terms a concept is understood; by default cta2066 */
                definition?: components["schemas"]["Family"];
                /** @description Most values; by default 10 */
                limit?: number;
                /**
                 * @description How the answer is written: `json`, `ndjson`, `csv`, `arrow` or `parquet`; by default as `Accept` says
                 * @example csv
                 */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The values with the most of the metric */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TopAnswer"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_usage: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339, or relative such as `now-15m`, `now-7d`, `now-1d/d`. By default an hour before `to`.
                 * @example now-1h
                 */
                from?: string;
                /**
                 * @description End of the window, which does not belong to it; likewise. By default now.
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days, weeks and hours relative times mean: a name of the IANA database. By default UTC.
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /**
                 * @description Which plays are counted, as `dimension:operator:value`; may be repeated, then all must hold. Operators: `is`, `is_not`,
                 *     `in`, `not_in` (values separated by commas), `matches` (RE2).
                 * @example [
                 *       "cdn:is:akamai"
                 *     ]
                 */
                filter?: string[];
                /**
                 * @description What rows are told apart by, separated by commas; at most four.
                 * @example cdn
                 */
                group_by?: string;
                /** @description The count by which rows are sorted; with `-` before it the greatest come first. */
                order?: string;
                /** @description Most rows of a page; by default 100. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description `json` (the default), `ndjson`, `csv`, `arrow` or `parquet`; else what `Accept` names. Lists inside a row stand in JSON only. */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A row for each combination of values, by default for each day and door */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ranked_UsageMetrics"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_live_viewers: {
        parameters: {
            query?: {
                /**
                 * @description watching, paused, in_ad, starting, buffering, finished or gone; by default everybody who is there
                 * @example watching
                 */
                status?: string;
                /** @description Most viewers; by default 100 */
                limit?: number;
                /**
                 * @description How the answer is written: `json`, `ndjson`, `csv`, `arrow` or `parquet`; by default as `Accept` says
                 * @example csv
                 */
                format?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Viewers, the latest seen first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveViewers"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                    "application/vnd.apache.arrow.stream": string;
                    "application/vnd.apache.parquet": string;
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_viewer: {
        parameters: {
            query?: {
                /**
                 * @description Begin of the window: RFC 3339 or relative; by default 7 days before `to`
                 * @example now-7d
                 */
                from?: string;
                /**
                 * @description Its end; by default now; at most 31 days after `from`
                 * @example now
                 */
                to?: string;
                /**
                 * @description Whose days relative times mean; by default UTC
                 * @example Europe/Vienna
                 */
                time_zone?: string;
                /** @description Most plays; by default 50 */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description As the platform names the viewer
                 * @example v-42
                 */
                viewer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The viewer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewerAnswer"];
                };
            };
            /** @description A parameter cannot be used; `detail` names it */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No read key, or one that is not known or no longer valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The read key has not the scope that this needs */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More requests than the key may send; `Retry-After` tells when */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The warehouse cannot answer now; `Retry-After` tells when to ask again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
