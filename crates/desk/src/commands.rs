//! Every command a screen can give, once: its name, what it asks and answers, the function, and the kinds of record
//! that its answer is made of (a write that touches one of them makes the screen ask again).

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use lianhu_ledger::{Code, Refusal};

use crate::desk::Desk;
use crate::problem::{Problem, Result};

/// `name(Ask) -> Answer = function, reads [kind …];` — `reads [all]` is asked again after any write, `reads []` never.
macro_rules! with_commands {
    ($then:ident) => {
        $then! {
            session_look(crate::session::Nothing) -> crate::session::Session = crate::session::look, reads [village];
            session_new(crate::session::NewVillage) -> () = crate::session::new, reads [];
            session_open(crate::session::OpenPath) -> () = crate::session::open, reads [];
            session_sample(crate::session::Nothing) -> crate::jobs::JobNo = crate::session::sample, reads [];

            session_found(crate::session::Nothing) -> Vec<crate::session::FoundLedger> = crate::session::found, reads [];

            import_found(crate::session::Nothing) -> Vec<crate::import::FoundTable> = crate::import::found, reads [];
            import_read(crate::import::ReadTables) -> crate::jobs::JobNo = crate::import::read, reads [];
            import_look(crate::import::LookAtTables) -> Vec<crate::import::TableLook> = crate::import::look, reads [];
            import_check(crate::import::CheckTables) -> crate::jobs::JobNo = crate::import::check, reads [];
            import_checked(crate::jobs::JobNo) -> crate::import::ImportCheck = crate::import::checked, reads [];
            import_copies(crate::import::CheckTables) -> crate::jobs::JobNo = crate::import::copies, reads [];
            import_write(crate::import::WriteTables) -> crate::jobs::JobNo = crate::import::write, reads [];
            import_written(crate::jobs::JobNo) -> crate::desk::Done<crate::import::ImportDone> = crate::import::written, reads [];
            import_forms(crate::session::Nothing) -> crate::papers::Papers = crate::import::forms, reads [];

            settings_save(crate::settings::SetSettings) -> crate::settings::Settings = crate::settings::save, reads [];

            backup_now(crate::backup::BackUp) -> crate::jobs::JobNo = crate::backup::now, reads [];
            backup_made(crate::jobs::JobNo) -> crate::backup::CopyFile = crate::backup::made, reads [];
            backup_list(crate::session::Nothing) -> Vec<crate::backup::CopyFile> = crate::backup::list, reads [];
            backup_look(crate::session::OpenPath) -> crate::backup::CopyInside = crate::backup::look, reads [];
            backup_restore(crate::backup::Restore) -> crate::jobs::JobNo = crate::backup::restore, reads [];
            backup_restored(crate::jobs::JobNo) -> crate::backup::Restored = crate::backup::restored, reads [];

            draft_put(crate::drafts::PutDraft) -> () = crate::drafts::put, reads [];
            draft_get(crate::drafts::DraftKey) -> Option<crate::drafts::FormDraft> = crate::drafts::get, reads [];
            draft_list(crate::session::Nothing) -> Vec<crate::drafts::FormDraft> = crate::drafts::list, reads [];
            draft_drop(crate::drafts::DraftKey) -> () = crate::drafts::drop, reads [];

            job_look(crate::jobs::JobNo) -> crate::jobs::Progress = crate::jobs::look, reads [];
            job_stop(crate::jobs::JobNo) -> () = crate::jobs::stop, reads [];

            month_list(crate::session::Nothing) -> crate::month::Months = crate::month::months, reads [visit meeting report];
            month_look(crate::month::WhichMonth) -> crate::month::MonthLook = crate::month::look, reads [all];
            month_records(crate::month::WhichFigure) -> crate::month::MonthRecords = crate::month::records, reads [all];
            month_pages(crate::month::MonthPaper) -> crate::preview::Preview = crate::month::pages, reads [all];
            month_export(crate::month::ExportMonth) -> crate::jobs::JobNo = crate::month::export, reads [];
            month_plan_save(crate::month::SavePlan) -> crate::desk::Done<()> = crate::month::save_plan, reads [];
            month_close(crate::month::CloseMonth) -> crate::desk::Done<String> = crate::month::close, reads [];

            month_reopen(crate::month::WhichMonth) -> crate::desk::Done<()> = crate::month::reopen, reads [];
            month_withdraw(crate::month::WhichMonth) -> crate::desk::Done<()> = crate::month::withdraw, reads [];

            paper_pages(crate::papers::BlankPaper) -> crate::preview::Preview = crate::papers::pages, reads [all];
            paper_write(crate::papers::BlankPaper) -> crate::jobs::JobNo = crate::papers::write, reads [];
            paper_written(crate::jobs::JobNo) -> crate::papers::Papers = crate::papers::written, reads [];

            page_image(crate::preview::WhichPage) -> crate::preview::PageImage = crate::preview::page, reads [];

            record_get(crate::records::WhichRecord) -> crate::records::RecordFields = crate::records::get, reads [all];
            record_list(crate::records::WhichKind) -> Vec<crate::records::RecordFields> = crate::records::list, reads [all];
            record_voided(crate::records::WhichKind) -> Vec<crate::records::RecordFields> = crate::records::voided, reads [all];
            record_save(crate::records::SaveRecord) -> crate::desk::Done<uuid::Uuid> = crate::records::save, reads [];
            record_void(crate::records::VoidRecord) -> crate::desk::Done<uuid::Uuid> = crate::records::void, reads [];
            record_restore(crate::records::WhichRecord) -> crate::desk::Done<uuid::Uuid> = crate::records::restore, reads [];

            visit_recent(crate::session::Nothing) -> crate::visit::RecentVisits = crate::visit::recent, reads [visit person household group];
            visit_look(crate::visit::WhichVisit) -> crate::visit::VisitLook = crate::visit::look, reads [visit person household report];
            visit_day(crate::visit::VisitDay) -> crate::visit::DayNote = crate::visit::day, reads [visit report];
            visit_save(crate::visit::SaveVisit) -> crate::desk::Done<crate::visit::SavedVisit> = crate::visit::save, reads [];
            visit_sheet(crate::visit::LookAtSheet) -> crate::visit::VisitSheet = crate::visit::sheet, reads [visit pairing household person group];
            visit_sheet_save(crate::visit::SaveSheet) -> crate::desk::Done<usize> = crate::visit::save_sheet, reads [];

            history_list(crate::history::WhichHistory) -> Vec<crate::history::Step> = crate::history::list, reads [all];
            history_undo(crate::history::UndoStep) -> crate::desk::Done<crate::history::UndoneStep> = crate::history::undo, reads [];
            void_list(crate::session::Nothing) -> Vec<crate::voided::VoidedRecord> = crate::voided::list, reads [all];
            finding_list(crate::session::Nothing) -> Vec<crate::voided::OpenFinding> = crate::voided::findings, reads [all];
            exchange_look(crate::session::Nothing) -> crate::exchange::safe::ExchangePage = crate::exchange::safe::look, reads [all];
            exchange_brief(crate::session::Nothing) -> crate::exchange::safe::ExchangeBrief = crate::exchange::safe::brief, reads [all];
            exchange_news(crate::exchange::SeenNews) -> crate::exchange::ExchangeNews = crate::exchange::news, reads [];
            exchange_try(crate::session::Nothing) -> crate::jobs::JobNo = crate::exchange::talk::try_now, reads [];
            exchange_tried(crate::jobs::JobNo) -> crate::exchange::talk::Talked = crate::exchange::talk::tried, reads [];
            exchange_pictures(crate::exchange::safe::SendPictures) -> () = crate::exchange::safe::send_pictures, reads [];
            exchange_sticks(crate::session::Nothing) -> crate::exchange::stick::StickPlaces = crate::exchange::stick::places, reads [];
            exchange_pack(crate::exchange::stick::MakePackage) -> crate::jobs::JobNo = crate::exchange::stick::make, reads [];
            exchange_packed(crate::jobs::JobNo) -> crate::exchange::stick::MadePackage = crate::exchange::stick::package_made, reads [];
            exchange_read(crate::session::OpenPath) -> crate::jobs::JobNo = crate::exchange::stick::read, reads [];
            exchange_taken(crate::jobs::JobNo) -> crate::exchange::stick::ReadPackage = crate::exchange::stick::package_read, reads [];
            exchange_code(crate::exchange::enter::TypedCode) -> crate::exchange::enter::CodeLook = crate::exchange::enter::look_at_code, reads [];
            exchange_enter(crate::exchange::enter::EnterTownship) -> crate::jobs::JobNo = crate::exchange::enter::enter, reads [];
            exchange_entered(crate::jobs::JobNo) -> crate::exchange::enter::EnteredTownship = crate::exchange::enter::township_entered, reads [];
            exchange_begun(crate::session::Nothing) -> crate::exchange::enter::JoinBegun = crate::exchange::enter::begun, reads [];
            exchange_join(crate::exchange::enter::JoinVillage) -> crate::jobs::JobNo = crate::exchange::enter::join_village, reads [];
            exchange_joined(crate::jobs::JobNo) -> crate::exchange::enter::JoinedVillage = crate::exchange::enter::village_joined, reads [];
            exchange_people(crate::exchange::people::AskPeople) -> crate::jobs::JobNo = crate::exchange::people::ask, reads [];
            exchange_waiting(crate::jobs::JobNo) -> crate::exchange::people::WaitingPeople = crate::exchange::people::waiting, reads [];
            invite_ask(crate::exchange::invite::AskToJoin) -> crate::jobs::JobNo = crate::exchange::invite::ask, reads [];
            invite_admit(crate::exchange::invite::AdmitToVillage) -> crate::jobs::JobNo = crate::exchange::invite::admit, reads [];
            invite_made(crate::jobs::JobNo) -> crate::exchange::invite::Invitation = crate::exchange::invite::made, reads [];
            invite_accept(crate::exchange::invite::AcceptAnswer) -> crate::jobs::JobNo = crate::exchange::invite::accept, reads [];
            room_open(crate::session::Nothing) -> crate::exchange::room::RoomDoor = crate::exchange::room::open, reads [];
            room_look(crate::session::Nothing) -> crate::exchange::room::RoomDoor = crate::exchange::room::look, reads [];
            room_shut(crate::session::Nothing) -> crate::exchange::room::RoomDoor = crate::exchange::room::shut, reads [];
            room_find(crate::session::Nothing) -> crate::jobs::JobNo = crate::exchange::room::find, reads [];
            room_found(crate::jobs::JobNo) -> crate::exchange::room::RoomFound = crate::exchange::room::found, reads [];
            sent_list(crate::records::WhichKind) -> Vec<crate::exchange::sent::RecordSent> = crate::exchange::sent::list, reads [all];
            sent_look(crate::records::WhichRecord) -> Option<crate::exchange::sent::RecordSent> = crate::exchange::sent::look, reads [all];
            settling_look(crate::session::Nothing) -> crate::exchange::settling::SettlingPage = crate::exchange::settling::look, reads [all];
            settling_settle(crate::exchange::settling::SettlePlaces) -> crate::desk::Done<usize> = crate::exchange::settling::settle, reads [];
            settling_reveal(crate::exchange::settling::RevealVersion) -> crate::person::Revealed = crate::exchange::settling::reveal, reads [];

            home_look(crate::home::LookHome) -> crate::home::HomePage = crate::home::look, reads [all];
            home_pressing(crate::session::Nothing) -> crate::home::Pressing = crate::home::pressing, reads [all];
            home_dismiss(crate::home::DismissDuty) -> crate::desk::Done<()> = crate::home::dismiss, reads [];
            home_resume(crate::home::WhichDuty) -> crate::desk::Done<()> = crate::home::resume, reads [];

            matter_list(crate::matter::ListMatters) -> crate::matter::MatterList = crate::matter::list, reads [matter meeting visit household person group];
            matter_look(crate::matter::WhichMatter) -> crate::matter::MatterRow = crate::matter::look, reads [matter meeting visit household person group];
            matter_save(crate::matter::SaveMatter) -> crate::desk::Done<uuid::Uuid> = crate::matter::save, reads [];
            matter_answer(crate::matter::AnswerMatter) -> crate::desk::Done<uuid::Uuid> = crate::matter::answer, reads [];
            matter_close(crate::matter::CloseMatter) -> crate::desk::Done<uuid::Uuid> = crate::matter::close, reads [];
            matter_reopen(crate::matter::WhichMatter) -> crate::desk::Done<uuid::Uuid> = crate::matter::reopen, reads [];

            meeting_list(crate::meeting::ListMeetings) -> Vec<crate::meeting::MeetingLine> = crate::meeting::list, reads [meeting round attendance matter village];
            meeting_last(crate::meeting::OfKind) -> Option<crate::meeting::LastMeeting> = crate::meeting::last, reads [meeting];
            meeting_look(crate::meeting::WhichMeeting) -> crate::meeting::MeetingPage = crate::meeting::look, reads [meeting round attendance matter photo village report household person group party_member resolution office];
            meeting_new(crate::meeting::NewMeeting) -> crate::desk::Done<uuid::Uuid> = crate::meeting::new, reads [];
            meeting_save(crate::meeting::SaveMeeting) -> crate::desk::Done<uuid::Uuid> = crate::meeting::save, reads [];
            meeting_void(crate::meeting::VoidMeeting) -> crate::desk::Done<uuid::Uuid> = crate::meeting::void, reads [];
            meeting_roll(crate::meeting::WhichMeeting) -> Vec<crate::meeting::RollLine> = crate::meeting::roll, reads [household person group];
            meeting_came(crate::meeting::WhichMeeting) -> Vec<crate::meeting::CameFamily> = crate::meeting::came, reads [attendance];
            meeting_family(crate::meeting::WhichFamily) -> Vec<crate::meeting::FamilyMember> = crate::meeting::family, reads [person party_member];
            meeting_attend(crate::meeting::SaveAttendance) -> crate::desk::Done<u32> = crate::meeting::save_attendance, reads [];
            meeting_persons(crate::meeting::WhichMeeting) -> Vec<crate::meeting::CalledPerson> = crate::meeting::persons, reads [meeting attendance party_member office person];
            meeting_cells(crate::session::Nothing) -> Vec<String> = crate::meeting::cells, reads [party_member org_unit];
            meeting_roll_call(crate::meeting::RollCall) -> crate::desk::Done<u32> = crate::meeting::roll_call, reads [];
            meeting_make_up(crate::meeting::MakeUp) -> crate::desk::Done<uuid::Uuid> = crate::meeting::make_up, reads [];
            meeting_rounds(crate::meeting::SaveRounds) -> crate::desk::Done<()> = crate::meeting::save_rounds, reads [];
            meeting_mend(crate::meeting::SaveMend) -> crate::desk::Done<uuid::Uuid> = crate::meeting::save_mend, reads [];
            meeting_opinions(crate::meeting::WhichMeeting) -> crate::meeting::MeetingOpinions = crate::meeting::opinions, reads [meeting matter household person];
            minutes_look(crate::meeting::WhichMeeting) -> crate::meeting::MinutesPage = crate::meeting::look_at_minutes, reads [meeting round matter village correction];
            minutes_edit(crate::meeting::EditMinutes) -> crate::desk::Done<u32> = crate::meeting::edit_minutes, reads [];
            minutes_seal(crate::meeting::WhichMeeting) -> crate::desk::Done<u32> = crate::meeting::seal, reads [];
            minutes_reopen(crate::meeting::ReopenMinutes) -> crate::desk::Done<uuid::Uuid> = crate::meeting::reopen, reads [];
            meeting_pages(crate::meeting::WhichPaper) -> crate::preview::Preview = crate::meeting::preview, reads [meeting round matter village household person group];
            meeting_print(crate::meeting::WhichPaper) -> crate::jobs::JobNo = crate::meeting::print, reads [];
            template_look(crate::session::Nothing) -> crate::template::EvaluationTemplate = crate::template::look, reads [village];
            template_save(crate::template::EvaluationTemplate) -> crate::desk::Done<()> = crate::template::save, reads [];

            star_list(crate::session::Nothing) -> Vec<crate::star::StarCycleLine> = crate::star::list, reads [star_cycle rating step];
            star_look(crate::star::WhichCycle) -> crate::star::StarPage = crate::star::look, reads [star_cycle rating star_score star_move star_check objection step household group person];
            star_rows(crate::star::WhichCycle) -> Vec<crate::star::StarRow> = crate::star::rows, reads [star_cycle rating star_score star_move household group person];
            star_new(crate::star::NewCycle) -> crate::desk::Done<uuid::Uuid> = crate::star::new, reads [];
            star_criteria(crate::star::SaveCriteria) -> crate::desk::Done<()> = crate::star::save_criteria, reads [];
            star_score(crate::star::SaveScores) -> crate::desk::Done<u32> = crate::star::save, reads [];
            star_carry(crate::star::CarryScores) -> crate::desk::Done<u32> = crate::star::carry, reads [];
            star_rate(crate::star::RateHousehold) -> crate::desk::Done<uuid::Uuid> = crate::star::rate, reads [];
            star_move(crate::star::MoveStars) -> crate::desk::Done<uuid::Uuid> = crate::star::move_stars, reads [];
            star_object(crate::star::SaveObjection) -> crate::desk::Done<uuid::Uuid> = crate::star::object, reads [];
            star_answer(crate::star::AnswerObjection) -> crate::desk::Done<uuid::Uuid> = crate::star::answer, reads [];
            star_pages(crate::star::WhichStarPaper) -> crate::preview::Preview = crate::star::pages, reads [star_cycle rating step village household person group];
            star_print(crate::star::WhichStarPaper) -> crate::jobs::JobNo = crate::star::print, reads [];
            decision_list(crate::session::Nothing) -> Vec<crate::decision::DecisionLine> = crate::decision::list, reads [decision step];
            decision_look(crate::decision::WhichDecision) -> crate::decision::DecisionPage = crate::decision::look, reads [decision step];
            decision_new(crate::decision::NewDecision) -> crate::desk::Done<uuid::Uuid> = crate::decision::new, reads [];
            decision_pages(crate::decision::WhichDecisionPaper) -> crate::preview::Preview = crate::decision::pages, reads [decision step village];
            decision_print(crate::decision::WhichDecisionPaper) -> crate::jobs::JobNo = crate::decision::print, reads [];
            recruit_list(crate::session::Nothing) -> Vec<crate::recruit::RecruitLine> = crate::recruit::list, reads [recruit step person];
            recruit_look(crate::recruit::WhichRecruit) -> crate::recruit::RecruitPage = crate::recruit::look, reads [recruit step person];
            recruit_new(crate::recruit::NewRecruit) -> crate::desk::Done<uuid::Uuid> = crate::recruit::new, reads [];
            recruit_end(crate::recruit::EndRecruit) -> crate::desk::Done<uuid::Uuid> = crate::recruit::end, reads [];
            member_list(crate::member::WhichYear) -> crate::member::MemberList = crate::member::list, reads [party_member member_change person office meeting attendance training trained pledge pairing visit appraisal appraised org_unit];
            member_look(crate::member::WhichMember) -> crate::member::MemberPage = crate::member::look, reads [all];
            member_new(crate::member::NewMember) -> crate::desk::Done<uuid::Uuid> = crate::member::new, reads [];
            member_change(crate::member::ChangeMember) -> crate::desk::Done<uuid::Uuid> = crate::member::change, reads [];
            member_pages(crate::member::MemberPapers) -> crate::preview::Preview = crate::member::pages, reads [all];
            member_print(crate::member::MemberPapers) -> crate::jobs::JobNo = crate::member::print, reads [];
            branch_look(crate::member::WhichYear) -> crate::branch::BranchYear = crate::branch::look, reads [meeting attendance not_held party_member org_unit person];
            branch_courses(crate::member::WhichYear) -> crate::branch::CoursePage = crate::branch::courses, reads [training trained];
            branch_course_save(crate::branch::SaveCourse) -> crate::desk::Done<uuid::Uuid> = crate::branch::save_course, reads [];
            branch_talks(crate::member::WhichYear) -> Vec<crate::branch::TalkLine> = crate::branch::talks, reads [talk party_member person];
            appraisal_look(crate::member::WhichYear) -> crate::branch::AppraisalPage = crate::branch::appraisal, reads [appraisal appraised meeting party_member person];
            appraisal_save(crate::branch::SaveGrades) -> crate::desk::Done<usize> = crate::branch::save_grades, reads [];
            organisation_look(crate::session::Nothing) -> crate::organisation::OrganisationPage = crate::organisation::look, reads [org_unit office party_member person household group];
            organisation_take(crate::organisation::UnitsOfRoll) -> crate::desk::Done<usize> = crate::organisation::take_from_roll, reads [];
            office_new(crate::organisation::NewOffice) -> crate::desk::Done<usize> = crate::organisation::new, reads [];
            office_end(crate::organisation::EndOffice) -> crate::desk::Done<uuid::Uuid> = crate::organisation::end, reads [];
            office_hand(crate::organisation::HandOffice) -> crate::desk::Done<uuid::Uuid> = crate::organisation::hand, reads [];
            year_pages(crate::year::YearSummary) -> crate::preview::Preview = crate::year::pages, reads [all];
            year_print(crate::year::YearSummary) -> crate::jobs::JobNo = crate::year::print, reads [];
            dues_year(crate::dues::WhichDuesYear) -> crate::dues::DuesYear = crate::dues::year, reads [dues dues_base party_member person];
            dues_pay(crate::dues::SavePayments) -> crate::desk::Done<u32> = crate::dues::pay, reads [];
            dues_void(crate::dues::VoidPayment) -> crate::desk::Done<uuid::Uuid> = crate::dues::void, reads [];
            dues_base_save(crate::dues::SaveBase) -> crate::desk::Done<u32> = crate::dues::save_base, reads [];
            dues_pages(crate::dues::WhichDuesPaper) -> crate::preview::Preview = crate::dues::pages, reads [dues dues_base party_member person village];
            dues_print(crate::dues::WhichDuesPaper) -> crate::jobs::JobNo = crate::dues::print, reads [];
            points_look(crate::points::WhichPoints) -> crate::points::PointsPage = crate::points::look, reads [point_item point_entry household group person];
            points_entries(crate::points::AskEntries) -> Vec<crate::points::PointLine> = crate::points::entries, reads [point_item point_entry household group person];
            point_item_save(crate::points::SaveItem) -> crate::desk::Done<uuid::Uuid> = crate::points::save_item, reads [];
            point_save(crate::points::SavePoint) -> crate::desk::Done<uuid::Uuid> = crate::points::save, reads [];
            point_appeal(crate::points::AppealPoint) -> crate::desk::Done<uuid::Uuid> = crate::points::appeal, reads [];
            point_answer(crate::points::AnswerAppeal) -> crate::desk::Done<uuid::Uuid> = crate::points::answer, reads [];
            points_pages(crate::points::WhichPointsPaper) -> crate::preview::Preview = crate::points::pages, reads [point_item point_entry household group person village];
            points_print(crate::points::WhichPointsPaper) -> crate::jobs::JobNo = crate::points::print, reads [];
            step_save(crate::step::SaveStep) -> crate::desk::Done<uuid::Uuid> = crate::step::save, reads [];
            step_return(crate::step::ReturnStep) -> crate::desk::Done<u32> = crate::step::send_back, reads [];

            photo_list(crate::photo::PhotosOf) -> Vec<crate::photo::PhotoLine> = crate::photo::list, reads [photo];
            photo_add(crate::photo::AddPhoto) -> crate::jobs::JobNo = crate::photo::add, reads [];
            photo_added(crate::jobs::JobNo) -> crate::desk::Done<uuid::Uuid> = crate::photo::added, reads [];
            photo_look(crate::photo::WhichPhoto) -> crate::photo::PhotoPicture = crate::photo::look, reads [];

            household_list(crate::session::Nothing) -> crate::household::HouseholdList = crate::household::list, reads [household person household_class pairing visit star_cycle rating group];
            household_look(crate::household::WhichHousehold) -> crate::household::HouseholdLook = crate::household::look, reads [all];
            household_history(crate::household::WhichHousehold) -> Vec<crate::household::HistoryStep> = crate::household::history_of, reads [all];
            household_new(crate::household::NewHousehold) -> crate::desk::Done<uuid::Uuid> = crate::household::new, reads [];
            household_head(crate::household::ChangeHead) -> crate::desk::Done<uuid::Uuid> = crate::household::change_head, reads [];
            household_split(crate::household::SplitHousehold) -> crate::desk::Done<uuid::Uuid> = crate::household::split, reads [];
            household_merge(crate::household::MergeHouseholds) -> crate::desk::Done<uuid::Uuid> = crate::household::merge, reads [];
            household_end(crate::household::EndHousehold) -> crate::desk::Done<uuid::Uuid> = crate::household::end, reads [];
            household_void(crate::household::VoidHousehold) -> crate::desk::Done<uuid::Uuid> = crate::household::void, reads [];
            household_restore(crate::household::RestoreHousehold) -> crate::desk::Done<uuid::Uuid> = crate::household::restore, reads [];
            household_reopen(crate::household::ReopenHousehold) -> crate::desk::Done<uuid::Uuid> = crate::household::reopen, reads [];
            household_export(crate::household::ExportHouseholds) -> crate::household::HouseholdSheet = crate::household::export, reads [];
            household_phone(crate::person::HouseholdPhone) -> crate::person::Revealed = crate::person::household_phone, reads [];
            pairing_cover(crate::pairing::WhichBond) -> crate::pairing::PairingCover = crate::pairing::cover, reads [pairing household person household_class group];
            pairing_free(crate::pairing::LookForFree) -> crate::pairing::FreeHouseholds = crate::pairing::free, reads [pairing household person household_class group];
            pairing_helper(crate::pairing::WhichHelper) -> crate::pairing::HelperLook = crate::pairing::look, reads [pairing household person group visit];
            pairing_assign(crate::pairing::AssignPairings) -> crate::desk::Done<usize> = crate::pairing::assign, reads [];
            pairing_reassign(crate::pairing::Reassign) -> crate::desk::Done<crate::pairing::Reassigned> = crate::pairing::reassign, reads [];
            pairing_hand(crate::household::HandOver) -> crate::desk::Done<uuid::Uuid> = crate::household::hand_over, reads [];

            person_list(crate::session::Nothing) -> crate::person::PersonList = crate::person::list, reads [household person party_member group];
            person_look(crate::person::WhichPerson) -> crate::person::PersonLine = crate::person::look, reads [household person party_member];
            person_check(crate::person::CheckPerson) -> crate::person::PersonCheck = crate::person::check, reads [];
            person_save(crate::person::SavePerson) -> crate::desk::Done<crate::person::SavedPerson> = crate::person::save, reads [];
            person_leave(crate::person::LeavePerson) -> crate::desk::Done<uuid::Uuid> = crate::person::leave, reads [];
            person_return(crate::person::ReturnPerson) -> crate::desk::Done<uuid::Uuid> = crate::person::returned, reads [];
            person_move(crate::person::MovePerson) -> crate::desk::Done<uuid::Uuid> = crate::person::move_to, reads [];
            person_reveal(crate::person::RevealPerson) -> crate::person::Revealed = crate::person::reveal, reads [];
            reveal_list(crate::session::Nothing) -> Vec<crate::person::Reveal> = crate::person::reveals, reads [];

            find(crate::search::Find) -> Vec<crate::search::Found> = crate::search::find, reads [person household group];
            find_all(crate::search::FindAll) -> Vec<uuid::Uuid> = crate::search::find_all, reads [person household group];
        }
    };
}
#[cfg(test)]
pub(crate) use with_commands;

macro_rules! dispatch {
    ($($name:ident($Ask:ty) -> $Answer:ty = $f:path, reads [$($kind:ident)*];)*) => {
        fn dispatch(desk: &Desk, name: &str, ask: Json) -> Result<Json> {
            match name {
                $(stringify!($name) => answer::<$Answer>(&$f(desk, parse::<$Ask>(name, ask)?)?),)*
                unknown => Err(Refusal::new(Code::MalformedAsk).with("what", unknown).into()),
            }
        }
    };
}
with_commands!(dispatch);

fn parse<A: DeserializeOwned>(name: &str, ask: Json) -> Result<A, Refusal> {
    let malformed = |e: serde_json::Error| {
        tracing::warn!(name, line = e.line(), "a question that no screen asks");
        Refusal::new(Code::MalformedAsk).with("what", name)
    };
    serde_json::from_value(ask).map_err(malformed)
}

fn answer<A: Serialize>(answer: &A) -> Result<Json> {
    Ok(serde_json::to_value(answer).expect("answers are plain data"))
}

impl Desk {
    /// Does what a screen asks. A panic inside rolls its transaction back and is told under the number of its log line.
    pub fn call(&self, name: &str, ask: Json) -> Result<Json, Problem> {
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| dispatch(self, name, ask)));
        match worked {
            Ok(answered) => answered.map_err(Problem::from),
            Err(_) => Err(Problem::logged(&format!("{name} panicked"))),
        }
    }
}
