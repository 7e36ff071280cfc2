// Written by the test `bindings` of crates/desk from the commands there. Not edited by hand.

import type { AcceptAnswer, AddPhoto, AdmitToVillage, AnswerAppeal, AnswerMatter, AnswerObjection, AppealPoint, AppraisalPage, AskEntries, AskPeople, AskToJoin, AssignPairings, BackUp, BlankPaper, BranchYear, CalledPerson, CameFamily, CarryScores, ChangeHead, ChangeMember, CheckPerson, CheckTables, CloseMatter, CloseMonth, CodeLook, CopyFile, CopyInside, CoursePage, DayNote, DecisionLine, DecisionPage, DismissDuty, Done, DraftKey, DuesYear, EditMinutes, EndHousehold, EndOffice, EndRecruit, EnterTownship, EnteredTownship, EvaluationTemplate, ExchangeBrief, ExchangeNews, ExchangePage, ExportHouseholds, ExportMonth, FamilyMember, Find, FindAll, FormDraft, Found, FoundLedger, FoundTable, FreeHouseholds, HandOffice, HandOver, HelperLook, HistoryStep, HomePage, HouseholdList, HouseholdLook, HouseholdPhone, HouseholdSheet, ImportCheck, ImportDone, Invitation, JobNo, JoinBegun, JoinVillage, JoinedVillage, LastMeeting, LeavePerson, ListMatters, ListMeetings, LookAtSheet, LookAtTables, LookForFree, LookHome, MadePackage, MakePackage, MakeUp, MatterList, MatterRow, MeetingLine, MeetingOpinions, MeetingPage, MemberList, MemberPage, MemberPapers, MergeHouseholds, MinutesPage, MonthLook, MonthPaper, MonthRecords, Months, MovePerson, MoveStars, NewCycle, NewDecision, NewHousehold, NewMeeting, NewMember, NewOffice, NewRecruit, NewVillage, Nothing, OfKind, OpenFinding, OpenPath, OrganisationPage, PageImage, PairingCover, Papers, PersonCheck, PersonLine, PersonList, PhotoLine, PhotoPicture, PhotosOf, PointLine, PointsPage, Pressing, Preview, Progress, PutDraft, RateHousehold, ReadPackage, ReadTables, Reassign, Reassigned, RecentVisits, RecordFields, RecordSent, RecruitLine, RecruitPage, ReopenHousehold, ReopenMinutes, Restore, RestoreHousehold, Restored, ReturnPerson, ReturnStep, Reveal, RevealPerson, RevealVersion, Revealed, RollCall, RollLine, RoomDoor, RoomFound, SaveAttendance, SaveBase, SaveCourse, SaveCriteria, SaveGrades, SaveItem, SaveMatter, SaveMeeting, SaveMend, SaveObjection, SavePayments, SavePerson, SavePlan, SavePoint, SaveRecord, SaveRounds, SaveScores, SaveSheet, SaveStep, SaveVisit, SavedPerson, SavedVisit, SeenNews, SendPictures, Session, SetSettings, Settings, SettlePlaces, SettlingPage, SplitHousehold, StarCycleLine, StarPage, StarRow, Step, StickPlaces, TableLook, TalkLine, Talked, TypedCode, UndoStep, UndoneStep, UnitsOfRoll, VisitDay, VisitLook, VisitSheet, VoidHousehold, VoidMeeting, VoidPayment, VoidRecord, VoidedRecord, WaitingPeople, WhichBond, WhichCycle, WhichDecision, WhichDecisionPaper, WhichDuesPaper, WhichDuesYear, WhichDuty, WhichFamily, WhichFigure, WhichHelper, WhichHistory, WhichHousehold, WhichKind, WhichMatter, WhichMeeting, WhichMember, WhichMonth, WhichPage, WhichPaper, WhichPerson, WhichPhoto, WhichPoints, WhichPointsPaper, WhichRecord, WhichRecruit, WhichStarPaper, WhichVisit, WhichYear, WriteTables, YearSummary, Kind } from './types';

export interface Commands {
  session_look: { ask: Nothing; answer: Session };
  session_new: { ask: NewVillage; answer: null };
  session_open: { ask: OpenPath; answer: null };
  session_sample: { ask: Nothing; answer: JobNo };
  session_found: { ask: Nothing; answer: Array<FoundLedger> };
  import_found: { ask: Nothing; answer: Array<FoundTable> };
  import_read: { ask: ReadTables; answer: JobNo };
  import_look: { ask: LookAtTables; answer: Array<TableLook> };
  import_check: { ask: CheckTables; answer: JobNo };
  import_checked: { ask: JobNo; answer: ImportCheck };
  import_copies: { ask: CheckTables; answer: JobNo };
  import_write: { ask: WriteTables; answer: JobNo };
  import_written: { ask: JobNo; answer: Done<ImportDone> };
  import_forms: { ask: Nothing; answer: Papers };
  settings_save: { ask: SetSettings; answer: Settings };
  backup_now: { ask: BackUp; answer: JobNo };
  backup_made: { ask: JobNo; answer: CopyFile };
  backup_list: { ask: Nothing; answer: Array<CopyFile> };
  backup_look: { ask: OpenPath; answer: CopyInside };
  backup_restore: { ask: Restore; answer: JobNo };
  backup_restored: { ask: JobNo; answer: Restored };
  draft_put: { ask: PutDraft; answer: null };
  draft_get: { ask: DraftKey; answer: FormDraft | null };
  draft_list: { ask: Nothing; answer: Array<FormDraft> };
  draft_drop: { ask: DraftKey; answer: null };
  job_look: { ask: JobNo; answer: Progress };
  job_stop: { ask: JobNo; answer: null };
  month_list: { ask: Nothing; answer: Months };
  month_look: { ask: WhichMonth; answer: MonthLook };
  month_records: { ask: WhichFigure; answer: MonthRecords };
  month_pages: { ask: MonthPaper; answer: Preview };
  month_export: { ask: ExportMonth; answer: JobNo };
  month_plan_save: { ask: SavePlan; answer: Done<null> };
  month_close: { ask: CloseMonth; answer: Done<string> };
  month_reopen: { ask: WhichMonth; answer: Done<null> };
  month_withdraw: { ask: WhichMonth; answer: Done<null> };
  paper_pages: { ask: BlankPaper; answer: Preview };
  paper_write: { ask: BlankPaper; answer: JobNo };
  paper_written: { ask: JobNo; answer: Papers };
  page_image: { ask: WhichPage; answer: PageImage };
  record_get: { ask: WhichRecord; answer: RecordFields };
  record_list: { ask: WhichKind; answer: Array<RecordFields> };
  record_voided: { ask: WhichKind; answer: Array<RecordFields> };
  record_save: { ask: SaveRecord; answer: Done<string> };
  record_void: { ask: VoidRecord; answer: Done<string> };
  record_restore: { ask: WhichRecord; answer: Done<string> };
  visit_recent: { ask: Nothing; answer: RecentVisits };
  visit_look: { ask: WhichVisit; answer: VisitLook };
  visit_day: { ask: VisitDay; answer: DayNote };
  visit_save: { ask: SaveVisit; answer: Done<SavedVisit> };
  visit_sheet: { ask: LookAtSheet; answer: VisitSheet };
  visit_sheet_save: { ask: SaveSheet; answer: Done<number> };
  history_list: { ask: WhichHistory; answer: Array<Step> };
  history_undo: { ask: UndoStep; answer: Done<UndoneStep> };
  void_list: { ask: Nothing; answer: Array<VoidedRecord> };
  finding_list: { ask: Nothing; answer: Array<OpenFinding> };
  exchange_look: { ask: Nothing; answer: ExchangePage };
  exchange_brief: { ask: Nothing; answer: ExchangeBrief };
  exchange_news: { ask: SeenNews; answer: ExchangeNews };
  exchange_try: { ask: Nothing; answer: JobNo };
  exchange_tried: { ask: JobNo; answer: Talked };
  exchange_pictures: { ask: SendPictures; answer: null };
  exchange_sticks: { ask: Nothing; answer: StickPlaces };
  exchange_pack: { ask: MakePackage; answer: JobNo };
  exchange_packed: { ask: JobNo; answer: MadePackage };
  exchange_read: { ask: OpenPath; answer: JobNo };
  exchange_taken: { ask: JobNo; answer: ReadPackage };
  exchange_code: { ask: TypedCode; answer: CodeLook };
  exchange_enter: { ask: EnterTownship; answer: JobNo };
  exchange_entered: { ask: JobNo; answer: EnteredTownship };
  exchange_begun: { ask: Nothing; answer: JoinBegun };
  exchange_join: { ask: JoinVillage; answer: JobNo };
  exchange_joined: { ask: JobNo; answer: JoinedVillage };
  exchange_people: { ask: AskPeople; answer: JobNo };
  exchange_waiting: { ask: JobNo; answer: WaitingPeople };
  invite_ask: { ask: AskToJoin; answer: JobNo };
  invite_admit: { ask: AdmitToVillage; answer: JobNo };
  invite_made: { ask: JobNo; answer: Invitation };
  invite_accept: { ask: AcceptAnswer; answer: JobNo };
  room_open: { ask: Nothing; answer: RoomDoor };
  room_look: { ask: Nothing; answer: RoomDoor };
  room_shut: { ask: Nothing; answer: RoomDoor };
  room_find: { ask: Nothing; answer: JobNo };
  room_found: { ask: JobNo; answer: RoomFound };
  sent_list: { ask: WhichKind; answer: Array<RecordSent> };
  sent_look: { ask: WhichRecord; answer: RecordSent | null };
  settling_look: { ask: Nothing; answer: SettlingPage };
  settling_settle: { ask: SettlePlaces; answer: Done<number> };
  settling_reveal: { ask: RevealVersion; answer: Revealed };
  home_look: { ask: LookHome; answer: HomePage };
  home_pressing: { ask: Nothing; answer: Pressing };
  home_dismiss: { ask: DismissDuty; answer: Done<null> };
  home_resume: { ask: WhichDuty; answer: Done<null> };
  matter_list: { ask: ListMatters; answer: MatterList };
  matter_look: { ask: WhichMatter; answer: MatterRow };
  matter_save: { ask: SaveMatter; answer: Done<string> };
  matter_answer: { ask: AnswerMatter; answer: Done<string> };
  matter_close: { ask: CloseMatter; answer: Done<string> };
  matter_reopen: { ask: WhichMatter; answer: Done<string> };
  meeting_list: { ask: ListMeetings; answer: Array<MeetingLine> };
  meeting_last: { ask: OfKind; answer: LastMeeting | null };
  meeting_look: { ask: WhichMeeting; answer: MeetingPage };
  meeting_new: { ask: NewMeeting; answer: Done<string> };
  meeting_save: { ask: SaveMeeting; answer: Done<string> };
  meeting_void: { ask: VoidMeeting; answer: Done<string> };
  meeting_roll: { ask: WhichMeeting; answer: Array<RollLine> };
  meeting_came: { ask: WhichMeeting; answer: Array<CameFamily> };
  meeting_family: { ask: WhichFamily; answer: Array<FamilyMember> };
  meeting_attend: { ask: SaveAttendance; answer: Done<number> };
  meeting_persons: { ask: WhichMeeting; answer: Array<CalledPerson> };
  meeting_cells: { ask: Nothing; answer: Array<string> };
  meeting_roll_call: { ask: RollCall; answer: Done<number> };
  meeting_make_up: { ask: MakeUp; answer: Done<string> };
  meeting_rounds: { ask: SaveRounds; answer: Done<null> };
  meeting_mend: { ask: SaveMend; answer: Done<string> };
  meeting_opinions: { ask: WhichMeeting; answer: MeetingOpinions };
  minutes_look: { ask: WhichMeeting; answer: MinutesPage };
  minutes_edit: { ask: EditMinutes; answer: Done<number> };
  minutes_seal: { ask: WhichMeeting; answer: Done<number> };
  minutes_reopen: { ask: ReopenMinutes; answer: Done<string> };
  meeting_pages: { ask: WhichPaper; answer: Preview };
  meeting_print: { ask: WhichPaper; answer: JobNo };
  template_look: { ask: Nothing; answer: EvaluationTemplate };
  template_save: { ask: EvaluationTemplate; answer: Done<null> };
  star_list: { ask: Nothing; answer: Array<StarCycleLine> };
  star_look: { ask: WhichCycle; answer: StarPage };
  star_rows: { ask: WhichCycle; answer: Array<StarRow> };
  star_new: { ask: NewCycle; answer: Done<string> };
  star_criteria: { ask: SaveCriteria; answer: Done<null> };
  star_score: { ask: SaveScores; answer: Done<number> };
  star_carry: { ask: CarryScores; answer: Done<number> };
  star_rate: { ask: RateHousehold; answer: Done<string> };
  star_move: { ask: MoveStars; answer: Done<string> };
  star_object: { ask: SaveObjection; answer: Done<string> };
  star_answer: { ask: AnswerObjection; answer: Done<string> };
  star_pages: { ask: WhichStarPaper; answer: Preview };
  star_print: { ask: WhichStarPaper; answer: JobNo };
  decision_list: { ask: Nothing; answer: Array<DecisionLine> };
  decision_look: { ask: WhichDecision; answer: DecisionPage };
  decision_new: { ask: NewDecision; answer: Done<string> };
  decision_pages: { ask: WhichDecisionPaper; answer: Preview };
  decision_print: { ask: WhichDecisionPaper; answer: JobNo };
  recruit_list: { ask: Nothing; answer: Array<RecruitLine> };
  recruit_look: { ask: WhichRecruit; answer: RecruitPage };
  recruit_new: { ask: NewRecruit; answer: Done<string> };
  recruit_end: { ask: EndRecruit; answer: Done<string> };
  member_list: { ask: WhichYear; answer: MemberList };
  member_look: { ask: WhichMember; answer: MemberPage };
  member_new: { ask: NewMember; answer: Done<string> };
  member_change: { ask: ChangeMember; answer: Done<string> };
  member_pages: { ask: MemberPapers; answer: Preview };
  member_print: { ask: MemberPapers; answer: JobNo };
  branch_look: { ask: WhichYear; answer: BranchYear };
  branch_courses: { ask: WhichYear; answer: CoursePage };
  branch_course_save: { ask: SaveCourse; answer: Done<string> };
  branch_talks: { ask: WhichYear; answer: Array<TalkLine> };
  appraisal_look: { ask: WhichYear; answer: AppraisalPage };
  appraisal_save: { ask: SaveGrades; answer: Done<number> };
  organisation_look: { ask: Nothing; answer: OrganisationPage };
  organisation_take: { ask: UnitsOfRoll; answer: Done<number> };
  office_new: { ask: NewOffice; answer: Done<number> };
  office_end: { ask: EndOffice; answer: Done<string> };
  office_hand: { ask: HandOffice; answer: Done<string> };
  year_pages: { ask: YearSummary; answer: Preview };
  year_print: { ask: YearSummary; answer: JobNo };
  dues_year: { ask: WhichDuesYear; answer: DuesYear };
  dues_pay: { ask: SavePayments; answer: Done<number> };
  dues_void: { ask: VoidPayment; answer: Done<string> };
  dues_base_save: { ask: SaveBase; answer: Done<number> };
  dues_pages: { ask: WhichDuesPaper; answer: Preview };
  dues_print: { ask: WhichDuesPaper; answer: JobNo };
  points_look: { ask: WhichPoints; answer: PointsPage };
  points_entries: { ask: AskEntries; answer: Array<PointLine> };
  point_item_save: { ask: SaveItem; answer: Done<string> };
  point_save: { ask: SavePoint; answer: Done<string> };
  point_appeal: { ask: AppealPoint; answer: Done<string> };
  point_answer: { ask: AnswerAppeal; answer: Done<string> };
  points_pages: { ask: WhichPointsPaper; answer: Preview };
  points_print: { ask: WhichPointsPaper; answer: JobNo };
  step_save: { ask: SaveStep; answer: Done<string> };
  step_return: { ask: ReturnStep; answer: Done<number> };
  photo_list: { ask: PhotosOf; answer: Array<PhotoLine> };
  photo_add: { ask: AddPhoto; answer: JobNo };
  photo_added: { ask: JobNo; answer: Done<string> };
  photo_look: { ask: WhichPhoto; answer: PhotoPicture };
  household_list: { ask: Nothing; answer: HouseholdList };
  household_look: { ask: WhichHousehold; answer: HouseholdLook };
  household_history: { ask: WhichHousehold; answer: Array<HistoryStep> };
  household_new: { ask: NewHousehold; answer: Done<string> };
  household_head: { ask: ChangeHead; answer: Done<string> };
  household_split: { ask: SplitHousehold; answer: Done<string> };
  household_merge: { ask: MergeHouseholds; answer: Done<string> };
  household_end: { ask: EndHousehold; answer: Done<string> };
  household_void: { ask: VoidHousehold; answer: Done<string> };
  household_restore: { ask: RestoreHousehold; answer: Done<string> };
  household_reopen: { ask: ReopenHousehold; answer: Done<string> };
  household_export: { ask: ExportHouseholds; answer: HouseholdSheet };
  household_phone: { ask: HouseholdPhone; answer: Revealed };
  pairing_cover: { ask: WhichBond; answer: PairingCover };
  pairing_free: { ask: LookForFree; answer: FreeHouseholds };
  pairing_helper: { ask: WhichHelper; answer: HelperLook };
  pairing_assign: { ask: AssignPairings; answer: Done<number> };
  pairing_reassign: { ask: Reassign; answer: Done<Reassigned> };
  pairing_hand: { ask: HandOver; answer: Done<string> };
  person_list: { ask: Nothing; answer: PersonList };
  person_look: { ask: WhichPerson; answer: PersonLine };
  person_check: { ask: CheckPerson; answer: PersonCheck };
  person_save: { ask: SavePerson; answer: Done<SavedPerson> };
  person_leave: { ask: LeavePerson; answer: Done<string> };
  person_return: { ask: ReturnPerson; answer: Done<string> };
  person_move: { ask: MovePerson; answer: Done<string> };
  person_reveal: { ask: RevealPerson; answer: Revealed };
  reveal_list: { ask: Nothing; answer: Array<Reveal> };
  find: { ask: Find; answer: Array<Found> };
  find_all: { ask: FindAll; answer: Array<string> };
}

/** Kinds of record that an answer is made of. */
export const READS: { readonly [name in keyof Commands]?: readonly (Kind | 'all')[] } = {
  session_look: ['village'],
  month_list: ['visit', 'meeting', 'report'],
  month_look: ['all'],
  month_records: ['all'],
  month_pages: ['all'],
  paper_pages: ['all'],
  record_get: ['all'],
  record_list: ['all'],
  record_voided: ['all'],
  visit_recent: ['visit', 'person', 'household', 'group'],
  visit_look: ['visit', 'person', 'household', 'report'],
  visit_day: ['visit', 'report'],
  visit_sheet: ['visit', 'pairing', 'household', 'person', 'group'],
  history_list: ['all'],
  void_list: ['all'],
  finding_list: ['all'],
  exchange_look: ['all'],
  exchange_brief: ['all'],
  sent_list: ['all'],
  sent_look: ['all'],
  settling_look: ['all'],
  home_look: ['all'],
  home_pressing: ['all'],
  matter_list: ['matter', 'meeting', 'visit', 'household', 'person', 'group'],
  matter_look: ['matter', 'meeting', 'visit', 'household', 'person', 'group'],
  meeting_list: ['meeting', 'round', 'attendance', 'matter', 'village'],
  meeting_last: ['meeting'],
  meeting_look: ['meeting', 'round', 'attendance', 'matter', 'photo', 'village', 'report', 'household', 'person', 'group', 'party_member', 'resolution', 'office'],
  meeting_roll: ['household', 'person', 'group'],
  meeting_came: ['attendance'],
  meeting_family: ['person', 'party_member'],
  meeting_persons: ['meeting', 'attendance', 'party_member', 'office', 'person'],
  meeting_cells: ['party_member', 'org_unit'],
  meeting_opinions: ['meeting', 'matter', 'household', 'person'],
  minutes_look: ['meeting', 'round', 'matter', 'village', 'correction'],
  meeting_pages: ['meeting', 'round', 'matter', 'village', 'household', 'person', 'group'],
  template_look: ['village'],
  star_list: ['star_cycle', 'rating', 'step'],
  star_look: ['star_cycle', 'rating', 'star_score', 'star_move', 'star_check', 'objection', 'step', 'household', 'group', 'person'],
  star_rows: ['star_cycle', 'rating', 'star_score', 'star_move', 'household', 'group', 'person'],
  star_pages: ['star_cycle', 'rating', 'step', 'village', 'household', 'person', 'group'],
  decision_list: ['decision', 'step'],
  decision_look: ['decision', 'step'],
  decision_pages: ['decision', 'step', 'village'],
  recruit_list: ['recruit', 'step', 'person'],
  recruit_look: ['recruit', 'step', 'person'],
  member_list: ['party_member', 'member_change', 'person', 'office', 'meeting', 'attendance', 'training', 'trained', 'pledge', 'pairing', 'visit', 'appraisal', 'appraised', 'org_unit'],
  member_look: ['all'],
  member_pages: ['all'],
  branch_look: ['meeting', 'attendance', 'not_held', 'party_member', 'org_unit', 'person'],
  branch_courses: ['training', 'trained'],
  branch_talks: ['talk', 'party_member', 'person'],
  appraisal_look: ['appraisal', 'appraised', 'meeting', 'party_member', 'person'],
  organisation_look: ['org_unit', 'office', 'party_member', 'person', 'household', 'group'],
  year_pages: ['all'],
  dues_year: ['dues', 'dues_base', 'party_member', 'person'],
  dues_pages: ['dues', 'dues_base', 'party_member', 'person', 'village'],
  points_look: ['point_item', 'point_entry', 'household', 'group', 'person'],
  points_entries: ['point_item', 'point_entry', 'household', 'group', 'person'],
  points_pages: ['point_item', 'point_entry', 'household', 'group', 'person', 'village'],
  photo_list: ['photo'],
  household_list: ['household', 'person', 'household_class', 'pairing', 'visit', 'star_cycle', 'rating', 'group'],
  household_look: ['all'],
  household_history: ['all'],
  pairing_cover: ['pairing', 'household', 'person', 'household_class', 'group'],
  pairing_free: ['pairing', 'household', 'person', 'household_class', 'group'],
  pairing_helper: ['pairing', 'household', 'person', 'group', 'visit'],
  person_list: ['household', 'person', 'party_member', 'group'],
  person_look: ['household', 'person', 'party_member'],
  find: ['person', 'household', 'group'],
  find_all: ['person', 'household', 'group'],
};
