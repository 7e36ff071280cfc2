//! The commands by name, for whoever must list them where no macro reaches. Written by the test `bindings`.

pub const NAMES: &[&str] = &[
    "session_look",
    "session_new",
    "session_open",
    "session_sample",
    "settings_save",
    "draft_put",
    "draft_get",
    "draft_list",
    "draft_drop",
    "job_look",
    "job_stop",
    "record_get",
    "record_list",
    "record_voided",
    "record_save",
    "record_void",
    "record_restore",
    "history_list",
    "history_undo",
    "question_list",
    "question_settle",
    "find",
];

/// Hands the names to another macro: a host makes its adapters of them.
#[macro_export]
macro_rules! each_command {
    ($then:ident) => {
        $then! {
            session_look,
            session_new,
            session_open,
            session_sample,
            settings_save,
            draft_put,
            draft_get,
            draft_list,
            draft_drop,
            job_look,
            job_stop,
            record_get,
            record_list,
            record_voided,
            record_save,
            record_void,
            record_restore,
            history_list,
            history_undo,
            question_list,
            question_settle,
            find,
        }
    };
}
