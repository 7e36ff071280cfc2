// Written by the test `bindings` of crates/desk from the commands there. Not edited by hand.

export type Code = 'no_ledger' | 'file_exists' | 'not_a_ledger' | 'newer_release' | 'busy' | 'read_only' | 'disk_full' | 'key_unusable' | 'unknown_kind' | 'unknown_field' | 'unfit' | 'missing' | 'no_such_record' | 'no_such_target' | 'nothing_to_do' | 'month_closed' | 'already_closed' | 'reason_missing' | 'future_date' | 'dates_reversed' | 'tally_does_not_add' | 'stars_do_not_add' | 'step_barred' | 'step_incomplete' | 'later_step_passed' | 'points_short' | 'few_raters' | 'counts_reversed' | 'in_itself' | 'decides_nothing' | 'too_many_excellent' | 'duplicate' | 'bad_resident_id' | 'no_such_batch' | 'changed_since' | 'has_past' | 'question_moved' | 'foreign_batch' | 'malformed_batch' | 'fork' | 'sealed_record' | 'no_reason' | 'townships_own' | 'not_returned' | 'not_closed' | 'already_answered' | 'no_township' | 'too_much_text' | 'changed_meanwhile' | 'malformed_ask' | 'target_unwritable' | 'stopped' | 'beyond_role' | 'revoked' | 'no_such_file' | 'no_such_job' | 'name_differs' | 'bad_picture' | 'workbook_unreadable';
export type Kind = 'village' | 'group' | 'household' | 'person' | 'household_class' | 'party_member' | 'org_unit' | 'office' | 'member_change' | 'pledge' | 'training' | 'trained' | 'talk' | 'pairing' | 'meeting' | 'round' | 'attendance' | 'resolution' | 'appraisal' | 'appraised' | 'visit' | 'matter' | 'photo' | 'phrase' | 'not_held' | 'month_plan' | 'star_cycle' | 'rating' | 'star_score' | 'objection' | 'star_move' | 'star_check' | 'decision' | 'recruit' | 'step' | 'dues_base' | 'dues' | 'point_item' | 'point_entry' | 'report' | 'report_answer' | 'correction';
export type Absence = { meeting: string, on: string, why: string, made_up_on: string | null, };
export type AbsentPerson = { person: string, why: string, };
export type AcceptAnswer = { path: string, 
/**
 * As the first computer's screen shows them.
 */
digits: string, who: string, };
export type AddPhoto = { meeting?: string, visit?: string, path?: string, 
/**
 * The bytes in base64.
 */
data?: string, caption: string, };
export type AdmitToVillage = { 
/**
 * The request; the answer is written beside it.
 */
path: string, 
/**
 * `secretary` or `cadre`.
 */
role: string, };
export type After = { corrected: number, late: number, };
export type AidProgress = { 
/**
 * Paired households visited this month.
 */
visited: number, paired: number, 
/**
 * 结对覆盖: of the households that are to be paired, those that are.
 */
covered: number, 
/**
 * None while no household is classed: who is to be paired is not known.
 */
to_cover: number | null, };
export type Among = "everyone" | "households" | "visitors";
export type AnswerAppeal = { id: string, on: string, answer: string, 
/**
 * 成立: the entry counts no more.
 */
upheld: boolean, };
export type AnswerMatter = { id: string, answer: string, on: string, close: boolean, };
export type AnswerObjection = { id: string, answer: string, on: string, 
/**
 * 成立.
 */
upheld: boolean, 
/**
 * What the household gets now, where it was found right.
 */
stars?: [boolean, boolean, boolean, boolean, boolean], };
export type Answered = { accepted: boolean, reason: string | null, on: string, 
/**
 * The month is open: what came back is being mended, or was taken back before this was heard.
 */
reopened: boolean, };
export type AppealPoint = { id: string, on: string, by: string, why: string, };
export type AppraisalMeeting = { id: string, kind: string, on: string, };
export type AppraisalPage = { year: number, today: string, 
/**
 * The meeting it was done at, and those of the year that may have been it.
 */
meeting: string | null, meetings: Array<AppraisalMeeting>, over_why: string | null, members: Array<GradeLine>, 
/**
 * So many 优秀 at most without a reason.
 */
most: number, };
export type AskEntries = { 
/**
 * Of one year; all of them when it is left out.
 */
year?: number, household?: string, };
export type AskPeople = { 
/**
 * The one that may come in; none only asks who waits.
 */
yes?: string, };
export type AskToJoin = { 
/**
 * Whose computer this is.
 */
who: string, 
/**
 * The stick, or the folder that was chosen.
 */
folder: string, };
export type AssignPairings = { bond: 'aid' | 'link' | 'team', households: Array<string>, helper: string, from: string, 
/**
 * The word that pairings of one 3+X team share.
 */
team?: string, };
export type BackUp = { 
/**
 * The folder to copy into; none means the usual one.
 */
folder?: string, };
export type Band = { from: number | null, to: number | null, 
/**
 * First digits of GB/T 4658 that it gathers.
 */
schooling: string | null, n: number, };
export type Behind = { kind: Kind, id: string, on: string | null, household: Home | null, 
/**
 * Whose record it is: the visitor, the member, whoever looks after the household.
 */
people: Array<string>, text: string | null, 
/**
 * A code that the page has words for: a meeting's kind, how a matter stands, the kind that was corrected.
 */
code: string | null, 
/**
 * How much of the figure it is.
 */
n: number, rate: Rate | null, link: Link | null, 
/**
 * It was voided after the month had been closed.
 */
gone: boolean, };
export type BlankPaper = { "what": "visits", month: string, visitor?: string, } | { "what": "sign_in", on: string, place?: string, };
export type Board = { year: number, rows: Array<CadenceRow>, };
export type BodyCheck = { 
/**
 * `branch_size`, `committee_size`, `one_shoulder`, `average_age`, `outside_committee`,
 * `representatives_share`, `representatives_women`, `households_each`.
 */
rule: string, n: number, of: number | null, least: number | null, most: number | null, 
/**
 * `None` where it is told and not judged.
 */
met: boolean | null, };
export type BodyOffices = { organ: string, now: Array<OfficeLine>, before: Array<OfficeLine>, 
/**
 * The earliest end of a term that runs: 换届.
 */
term_until: string | null, checks: Array<BodyCheck>, };
export type BranchYear = { today: string, board: Board, 
/**
 * 缺席未补课, the latest meeting first.
 */
missed: Array<MissedMeeting>, };
export type CadenceRow = { kind: string, cell: string | null, 
/**
 * So many times …
 */
times: number, 
/**
 * … in a `month`, `quarter` or `year`.
 */
per: string, months: Array<MonthCell>, 
/**
 * 应开 in the periods that have begun, 已开 in the year.
 */
due: number, held: number, 
/**
 * 欠: periods that have ended with fewer than were due.
 */
lacking: number, };
export type CalledPerson = { person: string, name: string, cell: string | null, member: boolean, probationary: boolean, floating: boolean, came: boolean | null, absent_why: string | null, made_up_on: string | null, made_up_how: string | null, };
export type CameFamily = { household: string, people: number | null, 
/**
 * Who came for them, where that was kept.
 */
person: string | null, name: string | null, };
export type CarryScores = { cycle: string, stage: 'self' | 'peer' | 'panel', from: Whence, 
/**
 * One group only.
 */
group?: string, };
export type Change = { figure: string, section: Section, code: string, part: string | null, called: string | null, was: Stood | null, now: Stood | null, };
export type ChangeHead = { household: string, head: string, 
/**
 * What the former head is to the new one.
 */
former?: string, };
export type ChangeLine = { id: string, event: string, on: string, place: string | null, until: string | null, evidence: string | null, };
export type ChangeMember = { id: string, 
/**
 * As the code set `member_event` has it.
 */
event: string, on: string, 
/**
 * Where to, where from, into which 党小组.
 */
place: string, 
/**
 * 延长到.
 */
until?: string, evidence: string, };
export type CheckPerson = { name: string, id_number: string, 
/**
 * The person being changed, who is no namesake of their own.
 */
but?: string, };
export type CheckTables = { files: Array<ChosenTable>, 
/**
 * What stands in the ledger is left as it is.
 */
only_new: boolean, };
export type ChosenTable = { path: string, 
/**
 * What its sheets and columns are, where their headers do not say it. A sheet of no kind is left out; a column that
 * means nothing has none.
 */
sheets: Record<string, { kind: string | null; columns: Record<string, string | null> }>, 
/**
 * What was typed over its cells; the row as Excel shows it, the column counted from 0.
 */
cells: { sheet: string; row: number; column: number; text: string }[], };
export type ChosenVersion = { kind: Kind, id: string, field: string, take: string, shown: Array<string>, };
export type ClassLine = { id: string, class: string, from: string | null, until: string | null, risk_cleared_on: string | null, why: string | null, holds: boolean, };
export type CloseMatter = { id: string, on: string, };
export type CloseMonth = { month: string, 
/**
 * 审核人, when there is one.
 */
reviewer?: string, };
export type Closed = { on: string, by: string, check_code: string, reviewer: string | null, };
export type CodeLook = { is_whole: boolean, 
/**
 * Where its township is, once it is whole.
 */
address: string | null, };
export type ColumnMeaning = { index: number, letters: string, header: string, field: string | null, 
/**
 * By the words of the header alone.
 */
automatic: string | null, examples: Array<string>, };
export type CopyFile = { path: string, bytes: number, 
/**
 * Milliseconds since 1970.
 */
made_ms: number, };
export type CopyInside = { path: string, village: string, records: number, last_ms: number, 
/**
 * Another village's copy does not take the place of this one's ledger.
 */
same_village: boolean, };
export type CoursePage = { today: string, 
/**
 * The latest first.
 */
courses: Array<TrainingLine>, };
export type CoverCell = { group: string | null, helper: string, households: number, };
export type CoverGroup = { id: string | null, name: string | null, 
/**
 * 没结对: households here that must be paired and are not.
 */
without: number, };
export type CoverHelper = { id: string, name: string, unit: string | null, households: number, load: Load, };
export type DayNote = { 
/**
 * The household was visited that day already.
 */
same_day: VisitRow | null, 
/**
 * It will be marked 补录.
 */
late: boolean, 
/**
 * Its month is closed; the visit is told in the next report as 补录.
 */
closed: boolean, future: boolean, };
export type DecisionLine = { id: string, procedure: string, title: string, raised_on: string, 
/**
 * The step at hand; none when all are passed.
 */
step: string | null, passed: number, of: number, 
/**
 * 退回, and why.
 */
returned_why: string | null, };
export type DecisionPage = { id: string, procedure: string, title: string, raised_on: string, raised_by: string | null, plan: string | null, today: string, steps: Array<StepLine>, at: number, 
/**
 * It hangs on the board, or has hung.
 */
posted: boolean, };
export type DismissDuty = { month: string, key: string, reason: string, };
export type Done<T> = { value: T, 
/**
 * The step that was written, as `undo` takes it; none when nothing differed.
 */
batch: string | null, 
/**
 * Kinds of record that changed.
 */
touched: Kind[], };
export type DoneDuty = { key: string, month: string, what: What, on: string | null, goto: Goto | null, 
/**
 * 本月不办, and why.
 */
reason: string | null, };
export type DraftKey = { key: string, };
export type DuesAsked = "not_asked" | "unknown" | "let_off" | "due";
export type DuesBaseLine = { payer: 'salaried' | 'retired' | 'farmer' | 'low_income' | 'self_employed', from: string, income_fen: number | null, fixed_fen: number | null, relief_fen: number | null, relief_by: string | null, relief_why: string | null, relief_until: string | null, };
export type DuesCell = { asked: DuesAsked, 
/**
 * 应交, in fen.
 */
due: number | null, 
/**
 * 实交, in fen.
 */
paid: number | null, paid_on: string | null, collected_by: string | null, receipt: string | null, };
export type DuesPaper = { "what": "sheet" } | { "what": "receipt", member: string, month: string, } | { "what": "year_receipt", member: string, };
export type DuesRow = { member: string, name: string, cell: string | null, probationary: boolean, 
/**
 * What holds in the last month of this year that is not ahead.
 */
base: DuesBaseLine | null, 
/**
 * January to December.
 */
months: Array<DuesCell>, 
/**
 * 欠交: months that are over, known to be due and not paid in full.
 */
owed: Array<number>, owed_fen: number, 
/**
 * Months of which nobody knows what is due, among those that have come.
 */
unknown: Array<number>, 
/**
 * 自愿多交 at once that goes up to the centre: the first month of the payment.
 */
forward: Array<number>, };
export type DuesYear = { year: number, today: string, 
/**
 * By cell, in the order of the roll.
 */
rows: Array<DuesRow>, 
/**
 * Of the month of today (of December in a year that is over): have to pay, have paid, nobody knows how much.
 */
month: string, due: number, paid: number, unknown: number, 
/**
 * People who are behind with the year before.
 */
owed_before: number, 
/**
 * 农民党员 each month: from, to, in fen, by the rule in force; none where no rule holds.
 */
farmer_range: [number, number] | null, 
/**
 * 一次自愿多交 above this many fen goes up to the centre.
 */
forward_above: number | null, };
export type Duty = { 
/**
 * What it is called when somebody says that it is not carried out.
 */
key: string, 
/**
 * The month whose duty it is.
 */
month: string, what: What, lamp: Lamp, due: string | null, 
/**
 * Until the due day; less than nothing when it is past.
 */
days_left: number | null, group: string | null, group_number: number | null, goto: Goto, 
/**
 * It may be left out this month, with a reason.
 */
dismissible: boolean, };
export type EditMinutes = { id: string, key: string, 
/**
 * The clerk's words; without them the paragraph is made from the entries again.
 */
text?: string, correct?: string, };
export type EndHousehold = { household: string, on: string, why: string, moved_to?: string, };
export type EndOffice = { id: string, on: string, why: string, };
export type EndRecruit = { id: string, on: string, why: string, };
export type EnterTownship = { code: string, 
/**
 * Whose computer this is.
 */
who: string, };
export type EnteredTownship = { 
/**
 * A word of the catalogue (`trouble.…` or `enrolment.…`).
 */
trouble: string | null, village: string, township: string, role: string, 
/**
 * Somebody must say yes first, and sees the same six digits.
 */
waits: boolean, short: string, };
export type EvaluationPair = { who: string, said: string, what: string, of_households: boolean, };
export type EvaluationTemplate = { pairs: Array<EvaluationPair>, grades: Array<string>, };
export type ExchangeBrief = { 
/**
 * This ledger has joined a township, and speaks with it.
 */
enrolled: boolean, 
/**
 * It speaks over a line; a village without township exchanges by stick and in one room.
 */
by_line: boolean, 
/**
 * Records that wait for their receipt.
 */
waiting: number, returned: number, last_ms: number | null, trouble: string | null, revoked: boolean, waits: boolean, };
export type ExchangeNews = { no: number, 
/**
 * Kinds of record that changed; `None` when so much has happened that everything is to be asked again.
 */
touched: Kind[] | null, 
/**
 * The records, where they are few.
 */
records: Array<string>, 
/**
 * Somebody speaks with the township now.
 */
talking: boolean, };
export type ExchangePage = { village: string, 
/**
 * None where this ledger has joined nothing.
 */
township: TownshipOf | null, 
/**
 * Records, by how far they have come.
 */
here: number, packed: number, delivered: number, returned: number, 
/**
 * Steps of this computer that have their receipt.
 */
received: number, 
/**
 * Returned steps first, then what is kept over there, then the oldest.
 */
items: Array<WaitingItem>, 
/**
 * Waiting steps that are not listed.
 */
more: number, 
/**
 * When everything was there last, in milliseconds since 1970.
 */
last_ms: number | null, trouble: LastTroubleTold | null, 
/**
 * Minutes by which this computer's clock is ahead of the township's; behind when less than nothing.
 */
clock_minutes: number | null, talking: boolean, 
/**
 * Places that two computers changed.
 */
questions: number, };
export type ExportHouseholds = { 
/**
 * In the order in which they are to stand.
 */
ids: Array<string>, };
export type ExportMonth = { month: string, readers: Readers, formats: Array<Format>, 
/**
 * 原始明细 in the spreadsheet, numbers masked. They name households: the township's copy alone can have them.
 */
details: boolean, };
export type Exported = { on: string, changes: Array<Change>, 
/**
 * No number differs, but a list or a text does.
 */
other: boolean, };
export type Family = { household: string, 
/**
 * '' while nobody is named head.
 */
head: string, number: number | null, group: string | null, last_visit: string | null, 
/**
 * Since then; none when nobody has ever come.
 */
days: number | null, };
export type FamilyCame = { household: string, came: boolean, 
/**
 * How many; one came for them where nothing else is said.
 */
people?: number, person?: string, };
export type FamilyMember = { person: string, name: string, head: boolean, woman: boolean, party_member: boolean, };
export type Find = { text: string, among: Among, limit: number, };
export type FindAll = { text: string, among: Among, };
export type FormDraft = { 
/**
 * Which form, and of what: `visit`, `meeting:…`.
 */
key: string, form: unknown, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, };
export type Format = "docx" | "xlsx" | "pdf";
export type Found = { person: string, name: string, 
/**
 * None for cadres from outside.
 */
household: string | null, head: boolean, head_name: string | null, group: string | null, group_number: number | null, number: number | null, born: string | null, unit: string | null, };
export type FoundLedger = { path: string, name: string, folder: string, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, };
export type FoundPackage = { path: string, name: string, folder: string, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, };
export type FoundTable = { path: string, name: string, folder: string, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, bytes: number, };
export type FreeHousehold = { id: string, head: string, number: number | null, group: string | null, group_name: string | null, 
/**
 * Codes of the classes that hold today.
 */
classes: Array<string>, 
/**
 * Who looked after it last.
 */
former: string | null, };
export type FreeHouseholds = { today: string, 
/**
 * In the order of groups and numbers.
 */
rows: Array<FreeHousehold>, };
export type Goto = { "page": "new_meeting" } | { "page": "meeting", id: string, } | { "page": "unvisited", long: boolean, } | { "page": "pairings" } | { "page": "matter", id: string, } | { "page": "matters" } | { "page": "matters_undated" } | { "page": "report", month: string, } | { "page": "cycle", id: string, } | { "page": "stars", id: string, } | { "page": "branch" } | { "page": "organisation" } | { "page": "decision", id: string, } | { "page": "recruit", id: string, } | { "page": "person", household: string | null, name: string, } | { "page": "questions" } | { "page": "findings" };
export type GradeLine = { member: string, name: string, cell: string | null, grade: string | null, remark: string | null, 
/**
 * Of the year before.
 */
before: string | null, };
export type GradeMember = { member: string, 
/**
 * None takes the grade back.
 */
grade: string | null, remark: string, };
export type GroupLine = { id: string, name: string, households: number, 
/**
 * Members who live in it: a group without one is told.
 */
members: number, };
export type GroupName = { id: string, name: string, number: number | null, };
export type GroupStars = { id: string | null, name: string, levels: [number, number, number, number, number, number], };
export type HandOffice = { id: string, to: string, on: string, why: string, };
export type HandOver = { pairing: string, helper: string, on: string, why?: string, };
export type HeldMeeting = { id: string, on: string, expected: number | null, present: number | null, };
export type Helper = { id: string, name: string, bond: 'aid' | 'link' | 'team', };
export type HelperLine = { 
/**
 * The pairing.
 */
id: string, bond: 'aid' | 'link' | 'team', household: string, head: string, number: number | null, group: string | null, from: string | null, until: string | null, ended_why: string | null, holds: boolean, 
/**
 * The household's last visit, whoever made it.
 */
last_visit: string | null, };
export type HelperLook = { today: string, id: string, name: string, unit: string | null, 
/**
 * Those that hold first, in the order of groups and numbers; then those that have ended, the latest first.
 */
lines: Array<HelperLine>, };
export type HistoryChange = { kind: Kind, id: string, 
/**
 * The person it is about.
 */
name: string | null, 
/**
 * Entered with this step.
 */
made: boolean, fields: Array<HistoryField>, };
export type HistoryField = { field: string, before: string | null, after: string | null, };
export type HistoryStep = { batch: string, op: string, author: string, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, 
/**
 * How many records it touched in the whole village: an import is not taken back from one household's page.
 */
records: number, changes: Array<HistoryChange>, };
export type Home = { id: string, head: string | null, group: string | null, group_number: number | null, number: number | null, };
export type HomePage = { month: string, 
/**
 * Nothing has been entered yet: no duty is told to a village without households.
 */
empty: boolean, 
/**
 * Late ones first, then by the day they fall due.
 */
duties: Array<Duty>, done: Array<DoneDuty>, unknown: Array<Unknown>, progress: AidProgress, 
/**
 * Not visited for longest, paired households first.
 */
longest: Array<Family>, };
export type HouseholdList = { today: string, 
/**
 * The cycle whose stars the rows show.
 */
cycle: string | null, groups: Array<GroupName>, 
/**
 * In the order of groups and numbers.
 */
rows: Array<HouseholdRow>, };
export type HouseholdLook = { id: string, number: number | null, group: string | null, group_name: string | null, head: string | null, head_name: string | null, address: string | null, 
/**
 * Masked.
 */
phone: string | null, vacant: boolean, note: string | null, ended_on: string | null, ended_why: string | null, moved_to: string | null, split_from: Named | null, merged_into: Named | null, 
/**
 * Households that were split from this one, and those merged into it.
 */
split_off: Array<Named>, merged_here: Array<Named>, 
/**
 * 作废: why.
 */
gone: string | null, on_roll: number, people: Array<PersonLine>, pairings: Array<PairingLine>, classes: Array<ClassLine>, visits: Array<VisitLine>, matters: Array<MatterLine>, stars: Array<StarLine>, 
/**
 * Places of this family that two computers changed, and that wait for somebody to choose.
 */
questions: number, today: string, };
export type HouseholdPhone = { household: string, };
export type HouseholdPlace = { id: string, head: string | null, 
/**
 * Place in `groups`.
 */
group: number | null, number: number | null, };
export type HouseholdRow = { id: string, number: number | null, head: string | null, group: string | null, 
/**
 * 在册 today.
 */
people: number, 
/**
 * Codes of the classes that hold today.
 */
classes: Array<string>, 
/**
 * Whoever is paired with it today.
 */
helpers: Array<Helper>, stars: number | null, 
/**
 * 同吃、同干、同谋 this month; none where nobody has ticked or denied it.
 */
shared_meal: boolean | null, did_chore: boolean | null, way_forward: boolean | null, last_visit: string | null, 
/**
 * Whether the visit that a 结对帮扶 obliges to has been made; none where nobody is obliged.
 */
visited: Visited | null, vacant: boolean, ended_on: string | null, };
export type HouseholdScore = { household: string, 
/**
 * 致富、守法、美德、卫生、诚信; none takes the score back.
 */
stars: [boolean, boolean, boolean, boolean, boolean] | null, 
/**
 * Why it differs from the stage before.
 */
why?: string, 
/**
 * What the grid had shown.
 */
seen: [boolean, boolean, boolean, boolean, boolean] | null, };
export type HouseholdSheet = { path: string, };
export type IdCheck = { 
/**
 * What is wrong with it: `length`, `character`, `rounded`, `date`, `not_yet_born`, `too_old`, `checksum`.
 */
problem: string | null, born: string | null, sex: string | null, 
/**
 * Who has this number already.
 */
taken_by: Namesake | null, };
export type IdState = "sound" | "doubtful" | "missing";
export type ImportChange = { kind: Kind, id: string, name: string, fields: Array<ImportField>, };
export type ImportCheck = { lines: Array<ImportLine>, 
/**
 * Cells that need a person.
 */
doubts: Array<ImportDoubt>, 
/**
 * Cells that had one reading and were brought into form.
 */
repairs: Array<ImportDoubt>, 
/**
 * Good to know.
 */
notices: Array<ImportDoubt>, 
/**
 * The first records that would be changed, with what stands there now.
 */
changes: Array<ImportChange>, 
/**
 * How many records would be changed in all.
 */
changed: number, 
/**
 * Books that would not be taken in, and why.
 */
left_out: Array<Problem>, 
/**
 * A closed month that would be changed: a reason is needed.
 */
closed: string | null, };
export type ImportDone = { lines: Array<ImportLine>, };
export type ImportDoubt = { 
/**
 * None when it is about no file in particular.
 */
path: string | null, file: string, sheet: string, 
/**
 * As Excel shows it; 0 when it is about the whole sheet.
 */
row: number, 
/**
 * Letters, as Excel shows them.
 */
column: string, 
/**
 * Counted from 0; none when it is about the whole row: there is no cell to type over.
 */
at: number | null, header: string, as_typed: string, 
/**
 * What is wrong (`doubt.…`).
 */
what: string, 
/**
 * What was done (`done.…`), and what its sentence names.
 */
did: string, details: Record<string, string>, };
export type ImportField = { field: string, before: string | null, after: string | null, };
export type ImportLine = { kind: Kind, new: number, changed: number, same: number, };
export type Invitation = { 
/**
 * A word of the catalogue (`invitation.…`).
 */
trouble: string | null, path: string, who: string, 
/**
 * The six digits that are typed in on the other screen; none yet for a request.
 */
short: string, };
export type ItemRecord = { kind: Kind, id: string, name: string, 
/**
 * The household whose page shows it.
 */
household: string | null, };
export type JobNo = { job: number, };
export type JoinBegun = { begun: boolean, };
export type JoinVillage = { 
/**
 * Left out to go on with one that was begun.
 */
code?: string, who: string, };
export type JoinedVillage = { trouble: string | null, 
/**
 * The six digits that the other screen shows too.
 */
short: string | null, 
/**
 * Township and village that are waited for.
 */
waits_for: string | null, 
/**
 * The village, once its ledger is here.
 */
village: string | null, };
export type KnownMapping = { file: string, said: { kind: string | null; columns: Record<string, string | null> }, };
export type Lack = { 
/**
 * The name of its sentence.
 */
code: string, 
/**
 * Which kind of meeting, or which pair by its name.
 */
part: string | null, n: number | null, 
/**
 * The meeting it is about.
 */
meeting: string | null, on: string | null, 
/**
 * A reason may be given instead (未开展), under this name.
 */
duty: string | null, 
/**
 * The month cannot be closed without it.
 */
blocks: boolean, };
export type Lamp = "late" | "soon" | "none";
export type Language = "zh-CN" | "en";
export type LastMeeting = { id: string, on: string, time: string | null, place: string | null, host: string | null, recorder: string | null, };
export type LastRound = { on: string, speaker: string | null, summary: string | null, };
export type LastTroubleTold = { 
/**
 * A word of the catalogue (`trouble.…`), or `left`.
 */
name: string, at_ms: number, };
export type LeavePerson = { person: string, how: Leaving, on: string, why?: string, 
/**
 * Who heads the household from now on, when its head leaves; it may stay open for a while.
 */
new_head?: string, };
export type Leaving = "died" | "left";
export type Link = { "page": "household", id: string, } | { "page": "visit", id: string, } | { "page": "meeting", id: string, } | { "page": "matter", id: string, };
export type LinkedHousehold = { household: string, head: string, 
/**
 * By this member, in the year.
 */
visits: number, last: string | null, };
export type ListMatters = { which: Which, household?: string, };
export type ListMeetings = { 
/**
 * All there are; else those of the last twelve months.
 */
all: boolean, };
export type Load = "fine" | "too_few" | "too_many";
export type LookAtSheet = { visitor: string, month: string, };
export type LookAtTables = { files: Array<ChosenTable>, };
export type LookForFree = { bond: 'aid' | 'link' | 'team', 
/**
 * Every household that is lived in, not only those that must be paired.
 */
all: boolean, };
export type LookHome = { 
/**
 * The month of today when none is named.
 */
month?: string, };
export type LostLedger = { path: string, code: Code | null, };
export type MadePackage = { 
/**
 * Why none was made, as a word of the catalogue (`package.…`).
 */
trouble: string | null, path: string, bytes: number, };
export type MakePackage = { 
/**
 * The stick, or the folder that was chosen.
 */
folder: string, };
export type MakeUp = { meeting: string, person: string, on: string, how: string, correct?: string, };
export type MatterLine = { id: string, text: string, on: string, raised_at: 'meeting' | 'visit' | 'link' | 'mend' | 'other', owner: string | null, due: string | null, answer: string | null, open: boolean, };
export type MatterList = { rows: Array<MatterRow>, open: number, late: number, };
export type MatterRow = { id: string, text: string, on: string, raised_at: 'meeting' | 'visit' | 'link' | 'mend' | 'other', raised_in: RaisedIn | null, household: string | null, head: string | null, group: string | null, group_number: number | null, 
/**
 * Who raised it, where it was not the household as such.
 */
person: string | null, owner: string | null, due: string | null, answer: string | null, answered_on: string | null, closed_on: string | null, note: string | null, state: MatterState, 
/**
 * Late or near, while it is open.
 */
lamp: Lamp, days_left: number | null, 
/**
 * Why it was voided; only a matter that is looked at by itself can be.
 */
voided: string | null, };
export type MatterState = "open" | "answered" | "closed";
export type MeetingFormat = "pdf" | "docx";
export type MeetingGroup = { id: string, name: string, households: number, };
export type MeetingLine = { id: string, kind: string, on: string, place: string | null, present: number | null, families: number, rates: Array<RoundRate>, opinions: number, sealed_on: string | null, };
export type MeetingOpinion = { id: string, text: string, on: string, household: string | null, head: string | null, owner: string | null, due: string | null, answer: string | null, answered_on: string | null, closed_on: string | null, };
export type MeetingOpinions = { own: Array<MeetingOpinion>, 
/**
 * Of earlier meetings, still open that day.
 */
earlier: Array<MeetingOpinion>, };
export type MeetingPage = { id: string, kind: string, on: string, time: string | null, place: string | null, host: string | null, recorder: string | null, topic: string | null, minutes: string | null, expected: number | null, 
/**
 * 应到 by the roll of that day.
 */
called: number | null, present: number | null, present_women: number | null, present_members: number | null, 
/**
 * Called groups; none means all.
 */
groups: Array<string>, 
/**
 * Which 党小组 met, and the ones there are.
 */
cell: string | null, cells: Array<string>, 
/**
 * 学时.
 */
hours: number | null, 
/**
 * It calls persons, not households.
 */
of_persons: boolean, resolutions: Array<ResolutionLine>, all_groups: Array<MeetingGroup>, 
/**
 * Opinions of which only the number was kept.
 */
opinions_noted: number | null, opinions: number, photos: number, families: number, meter: QuorumMeter, grades: Array<string>, 
/**
 * Which of a tally's four counts each grade stands for.
 */
counts: Array<number>, rounds: Array<RoundView>, sealed_on: string | null, version: number, 
/**
 * Its month is closed: a change to what stands is a correction.
 */
month_closed: boolean, 
/**
 * Others of its kind on the same day.
 */
same_day: Array<string>, };
export type MeetingPaper = "minutes" | "sign_in";
export type MeetingsOfKind = { kind: string, 
/**
 * At which this member was called and it is known who came.
 */
called: number, came: number, absent: Array<Absence>, 
/**
 * Held, but nobody noted who came.
 */
unnoted: number, };
export type MemberLine = { id: string, person: string, name: string, household: string | null, cell: string | null, probationary: boolean, joined_on: string | null, 
/**
 * 预备期满.
 */
probation_ends: string | null, floating: boolean, 
/**
 * Where a floating member is.
 */
place: string | null, 
/**
 * 党内职务 as the roll says it, and the offices entered here.
 */
duty: string | null, offices: Array<OfficeName>, 
/**
 * Pledges not yet kept.
 */
pledges_open: number, households: number, 
/**
 * Of the year.
 */
hours: number, hours_needed: number, missed: number, not_made_up: number, grade: string | null, 
/**
 * 停止党籍.
 */
suspended_on: string | null, left_on: string | null, left_how: string | null, left_to: string | null, };
export type MemberList = { year: number, today: string, 
/**
 * On the roll, by 党小组; then those who have left it, the latest first.
 */
members: Array<MemberLine>, cells: Array<string>, structure: Structure, 
/**
 * 联系户 a member usually has.
 */
links_min: number, links_max: number, };
export type MemberPage = { today: string, line: MemberLine, year: MemberYear, 
/**
 * Newest first.
 */
changes: Array<ChangeLine>, offices: Array<OfficeOfMember>, households: Array<LinkedHousehold>, };
export type MemberPapers = { year?: number, 
/**
 * Everybody, when nobody is named.
 */
id?: string, 
/**
 * As Word; else as PDF. Of no matter to a preview.
 */
word: boolean, };
export type MemberYear = { year: number, name: string, cell: string | null, probationary: boolean, joined_on: string | null, full_on: string | null, 
/**
 * 职务 held in that year.
 */
offices: Array<string>, meetings: Array<MeetingsOfKind>, study: StudyHours, pledges: Array<PledgeLine>, 
/**
 * 联系户: households now or at the year's end, of them visited in the year, and how often.
 */
households: number, visited: number, visits: number, 
/**
 * 民主评议等次.
 */
grade: string | null, 
/**
 * 谈心谈话.
 */
talks: number, 
/**
 * 党费: months that had to be paid for up to the day, and those paid. Sums are on no such paper.
 */
dues_due: number, dues_paid: number, 
/**
 * It is not known what this member pays.
 */
dues_unknown: boolean, };
export type MergeHouseholds = { household: string, into: string, on: string, 
/**
 * Whose household went into whose, in words: the one that has ended has no head any more to be called by.
 */
why: string, };
export type MinutesLack = { what: string, step: string, 
/**
 * Which pair, where it is one.
 */
pair: number | null, who: string | null, };
export type MinutesPage = { parts: Array<MinutesPart>, 
/**
 * 我改过的 n 处.
 */
edited: number, lacks: Array<MinutesLack>, sealed_on: string | null, versions: Array<MinutesVersion>, };
export type MinutesPart = { "is": "heading", text: string, } | { "is": "paragraph", key: string, 
/**
 * What the entries make of it now.
 */
base: string, text: string, edited: boolean, 
/**
 * The entries have changed since it was worded by hand.
 */
moved: boolean, } | { "is": "tallies" };
export type MinutesVersion = { version: number, author: string, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, reason: string | null, };
export type MissedMeeting = { meeting: string, kind: string, on: string, person: string, name: string, why: string, };
export type MonthCell = { month: number, held: Array<HeldMeeting>, pace: Pace, 
/**
 * 未开展: why, as somebody has said.
 */
not_held: string | null, };
export type MonthChoice = { month: string, closed: boolean, };
export type MonthLook = { month: string, 
/**
 * 截止日: who was on the roll on this day.
 */
as_of: string, closed: Closed | null, 
/**
 * Nothing was entered for this month.
 */
empty: boolean, rows: Array<Row>, lacks: Array<Lack>, plan: Plan, rules: Numbers, 
/**
 * What has changed since the paper was last exported; none when it never was.
 */
exported: Exported | null, 
/**
 * 审核人 of the last closed month, to be offered again.
 */
reviewer: string | null, 
/**
 * What was changed and added in this month after it was closed.
 */
after: After | null, 
/**
 * What the township said to the report.
 */
answer: Answered | null, };
export type MonthPaper = { month: string, readers: Readers, };
export type MonthRecords = { 
/**
 * None for what came after a closed month.
 */
row: Row | null, records: Array<Behind>, 
/**
 * The month is closed and its list was not kept with the figures, only the number.
 */
not_kept: boolean, 
/**
 * So many more were noted on paper without being written out.
 */
noted_only: number, };
export type Months = { months: Array<MonthChoice>, 
/**
 * The one whose report is in hand: the last month until it is closed, then this one.
 */
in_hand: string, };
export type MovePerson = { person: string, into: string, 
/**
 * What they are to the head there.
 */
relation?: string, 
/**
 * Who heads the household they leave, when they head it.
 */
left_head?: string, };
export type MoveStars = { cycle: string, household: string, on: string, stars: number, why: string, by: string, };
export type Named = { id: string, name: string | null, 
/**
 * Why it ended, where it has: a household that was merged has no head to be called by.
 */
ended_why: string | null, };
export type Namesake = { id: string, name: string, household: string | null, head: string | null, group: string | null, born: string | null, unit: string | null, };
export type Need = { text: string, owner?: string, due?: string, };
export type NewCycle = { name: string, year: number, 
/**
 * Who decided the plan, and on which day.
 */
by: string, on: string, };
export type NewDecision = { procedure: 'open4' | 'five', title: string, raised_on: string, raised_by: string, plan: string, };
export type NewHousehold = { 
/**
 * Group, number, address, phone …
 */
household: Record<string, unknown>, 
/**
 * The head: name, ID number, sex …
 */
head: Record<string, unknown>, };
export type NewMeeting = { kind: string, on: string, time: string, place: string, host: string, recorder: string, 
/**
 * Groups that are called; none means all of them.
 */
groups: Array<string>, 
/**
 * Which 党小组 met.
 */
cell: string, 
/**
 * Another one of this kind on the same day is meant.
 */
again: boolean, };
export type NewMember = { person: string, 
/**
 * `came` or `admitted`.
 */
event: string, on: string, place: string, evidence: string, cell: string, 
/**
 * 入党时间 and 转正时间 of one who comes from elsewhere, as far as they are known.
 */
joined_on: string, full_on: string, };
export type NewOffice = { organ: string, position: string, persons: Array<string>, unit?: string, group?: string, from?: string, term_until?: string, vetted_on?: string, filed_on?: string, };
export type NewRecruit = { person: string, applied_on: string, };
export type NewVillage = { village: string, user: string, township?: string, code?: string, };
export type Nothing = Record<symbol, never>;
export type Numbers = { satisfaction_percent: number, least_denominator: number, unvisited_months: number, links_min: number, links_max: number, late_days: number, };
export type ObjectionLine = { id: string, household: string | null, head: string | null, on: string, by: string | null, text: string, answer: string | null, answered_on: string | null, upheld: boolean | null, };
export type OfKind = { kind: string, };
export type OfficeLine = { id: string, person: string, name: string, position: string, woman: boolean | null, age: number | null, unit: string | null, group: string | null, from: string | null, until: string | null, term_until: string | null, vetted_on: string | null, filed_on: string | null, ended_why: string | null, };
export type OfficeName = { organ: string, position: string, };
export type OfficeOfMember = { id: string, organ: string, position: string, from: string | null, until: string | null, term_until: string | null, };
export type OpenFinding = { kind: Kind, id: string, name: string, 
/**
 * A word of the catalogue (`finding.…`).
 */
rule: string, details: Record<string, string>, };
export type OpenLedger = { village: string, township: string | null, path: string, 
/**
 * The fictional sample: everything is marked 样例.
 */
sample: boolean, 
/**
 * Why nothing can be written, when nothing can.
 */
read_only: Code | null, households: number, 
/**
 * Places where two computers wrote without knowing of each other.
 */
open_questions: number, };
export type OpenPath = { path: string, };
export type OrganisationPage = { today: string, 
/**
 * From the top down, each below what it belongs to.
 */
units: Array<UnitLine>, 
/**
 * 党小组 that the members' roll names and the tree does not have.
 */
only_on_roll: Array<string>, 
/**
 * 村民小组 and the households of each.
 */
groups: Array<GroupLine>, bodies: Array<BodyOffices>, };
export type Pace = "held" | "lacking" | "due" | "free" | "unknown";
export type PageImage = { svg: string, 
/**
 * In points, for its proportions.
 */
width: number, height: number, };
export type PairingCover = { bond: 'aid' | 'link' | 'team', as_of: string, 
/**
 * In the village's order; households of no group stand last.
 */
groups: Array<CoverGroup>, 
/**
 * In the order of the pairing ledger.
 */
helpers: Array<CoverHelper>, cells: Array<CoverCell>, 
/**
 * Households that are paired.
 */
paired: number, 
/**
 * 应当结对的户, and how many of them are. None where nobody must be paired, or while no household is classed.
 */
obliged: number | null, obliged_paired: number, 
/**
 * The fewest and the most that one person should look after, where a rule says so.
 */
least: number | null, most: number | null, };
export type PairingLine = { id: string, bond: 'aid' | 'link' | 'team', helper: string, name: string, role: string | null, 
/**
 * As far as it is known: a year, a month or a day.
 */
from: string | null, until: string | null, ended_why: string | null, measures: string | null, holds: boolean, };
export type PaperFile = { name: string, path: string, };
export type Papers = { folder: string, files: Array<PaperFile>, 
/**
 * Characters that no font here has; the PDF shows 〓 in their place.
 */
missing: string, };
export type Payment = { member: string, month: string, fen: number, paid_on: string, collected_by: string, receipt: string, 
/**
 * What the grid had shown as paid; a sum written elsewhere since is not written over unseen.
 */
seen: number | null, };
export type PersonCheck = { 
/**
 * None while nothing is typed.
 */
id: IdCheck | null, namesakes: Array<Namesake>, };
export type PersonLine = { id: string, name: string, household: string | null, head: boolean, relation: string | null, sex: string | null, ethnic: string | null, 
/**
 * As far as it is known: a year, a month or a day.
 */
born: string | null, 
/**
 * Masked; where the number is doubtful, what was typed, masked.
 */
id_number: string | null, id_state: IdState, 
/**
 * Masked.
 */
phone: string | null, education: string | null, political: string | null, 
/**
 * 党员 of this branch: the code of the standing.
 */
member: string | null, away: boolean, away_since: string | null, away_where: string | null, died_on: string | null, left_on: string | null, left_why: string | null, unit: string | null, post: string | null, note: string | null, on_roll: boolean, 
/**
 * 作废: why.
 */
gone: string | null, };
export type PersonList = { today: string, groups: Array<GroupName>, households: Array<HouseholdPlace>, 
/**
 * By group, household and place in it; cadres from outside last.
 */
people: Array<PersonRow>, };
export type PersonRow = { id: string, name: string, 
/**
 * Place in `households`; none for cadres from outside.
 */
household: number | null, head: boolean, relation: string | null, sex: string | null, born: string | null, 
/**
 * Masked.
 */
phone: string | null, id_state: IdState, member: string | null, away: boolean, unit: string | null, post: string | null, on_roll: boolean, died: boolean, left: boolean, };
export type PhotoLine = { id: string, caption: string | null, bytes: number, width: number, height: number, };
export type PhotoPicture = { url: string, };
export type PhotosOf = { meeting?: string, visit?: string, };
export type Plan = { items: Array<string>, most: number, longest: number, };
export type PledgeLine = { id: string, position: string | null, text: string, on: string, due: string | null, done_on: string | null, outcome: string | null, };
export type PointItemLine = { id: string, name: string, sort: 'gain' | 'loss' | 'spend', 
/**
 * Without a sign.
 */
points: number, rule: string, from: string, until: string | null, 
/**
 * Holds today.
 */
active: boolean, };
export type PointLine = { id: string, household: string, head: string | null, group_name: string | null, item: string, item_name: string, sort: 'gain' | 'loss' | 'spend', on: string, 
/**
 * With its sign.
 */
points: number, grounds: string, raters: Array<string>, note: string | null, appealed_on: string | null, appealed_by: string | null, appealed_why: string | null, answered_on: string | null, answer: string | null, 
/**
 * 成立: it does not count.
 */
upheld: boolean | null, };
export type PointsPage = { year: number, today: string, items: Array<PointItemLine>, 
/**
 * Households with an entry in the year, by group and number: never by who has least.
 */
rows: Array<PointsRow>, 
/**
 * 申诉 that wait for an answer.
 */
open_appeals: number, 
/**
 * 至少几人评分.
 */
raters_min: number, 
/**
 * Days a notice usually hangs.
 */
notice_until: string, };
export type PointsRow = { household: string, head: string | null, number: number | null, group: string | null, group_name: string | null, 
/**
 * 得分.
 */
scored: number, 
/**
 * 已兑换.
 */
spent: number, 
/**
 * 结余.
 */
left: number, entries: number, };
export type Pressing = { n: number, };
export type Preview = { key: string, pages: number, 
/**
 * Characters that no font here has; each is printed as 〓.
 */
missing: string, };
export type Problem = { "is": "refusal", code: Code, details: Record<string, string>, } | { "is": "fault", log: string, };
export type Progress = { 
/**
 * What it does now, as a word of the catalogue.
 */
step: string, done: number, of: number, ended: boolean, problem: Problem | null, };
export type PutDraft = { key: string, form: unknown, };
export type QuorumGate = { basis: string, due: number, present: number, needed: number, met: boolean, };
export type QuorumMeter = { 
/**
 * 不设法定人数: it may always be held.
 */
free: boolean, opens: boolean, 
/**
 * It may decide: a mass meeting never does.
 */
decides: boolean, gates: Array<QuorumGate>, 
/**
 * Rolls that the rule asks for and nobody has counted.
 */
uncounted: string[], };
export type RaisedIn = { "at": "meeting", id: string, on: string, meeting_kind: string, } | { "at": "visit", id: string, on: string, visitor: string, };
export type Rate = { num: number, den: number, };
export type RateHousehold = { cycle: string, household: string, 
/**
 * Which stars; none with a veto or a reason to leave it out.
 */
stars: [boolean, boolean, boolean, boolean, boolean] | null, veto?: string, veto_why?: string, 
/**
 * 申诉 against a veto.
 */
appeal?: string, unrated_reason?: string, correct?: string, };
export type ReadPackage = { 
/**
 * Why nothing of it was taken in, as a word of the catalogue (`package.…`).
 */
unread: string | null, 
/**
 * Steps that were new here, and steps of ours that have their receipt by it.
 */
applied: number, received: number, };
export type ReadTables = { paths: Array<string>, };
export type Readers = "township" | "village";
export type Reassign = { pairings: Array<string>, 
/**
 * Who takes over; nobody yet when none is named.
 */
helper?: string, on: string, why: string, };
export type Reassigned = { ended: number, begun: number, };
export type RecentVisits = { 
/**
 * Who sits here, when it is somebody of the ledger.
 */
me: VisitorName | null, 
/**
 * Whose visit was entered last this month.
 */
last: VisitorName | null, 
/**
 * Visits of this month and those entered in it, the last entered first.
 */
rows: Array<VisitRow>, 
/**
 * How many there are.
 */
count: number, 
/**
 * Days after which a visit is marked 补录.
 */
late_days: number, };
export type RecordFields = { id: string } & Record<string, unknown>;
export type RecordSent = { id: string, state: SentState, 
/**
 * 回执号.
 */
no: number | null, 
/**
 * Why it was returned, as a word of the catalogue (`held.…`).
 */
why: string | null, };
export type RecruitLine = { id: string, name: string, applied_on: string | null, 
/**
 * 阶段 and step at hand; none when all are passed.
 */
phase: string | null, step: string | null, passed: number, of: number, due: string | null, ended_on: string | null, ended_why: string | null, };
export type RecruitPage = { line: RecruitLine, today: string, steps: Array<StepLine>, at: number, 
/**
 * What the procedure should be held against before relying on it.
 */
note: string | null, };
export type ReliefTyped = { 
/**
 * What is left to pay in a month; 0 is 免交.
 */
to_fen: number, decided_by: string, why: string, until: string | null, };
export type ReopenHousehold = { household: string, };
export type ReopenMinutes = { id: string, reason: string, };
export type ResolutionLine = { id: string, text: string, yes: number | null, no: number | null, abstained: number | null, secret: boolean, verdict: Verdict, };
export type Restore = { path: string, village: string, };
export type RestoreHousehold = { household: string, };
export type Restored = { 
/**
 * Where the ledger that was here until now lies.
 */
aside: string, };
export type ReturnPerson = { person: string, };
export type ReturnStep = { case: StepCase, to: string, why: string, correct?: string, };
export type Reveal = { 
/**
 * Milliseconds since 1970.
 */
at_ms: number, who: string, kind: Kind, id: string, name: string | null, field: string, };
export type RevealPerson = { person: string, field: 'id_number' | 'phone', };
export type RevealVersion = { kind: Kind, id: string, field: string, batch: string, };
export type Revealed = { value: string, };
export type RollCall = { meeting: string, absent: Array<AbsentPerson>, correct?: string, };
export type RollLine = { household: string, head: string, group: string | null, group_name: string | null, number: number | null, 
/**
 * On the roll that day.
 */
people: number, };
export type RoomDoor = { open: boolean, 
/**
 * Seconds until it shuts by itself.
 */
left_s: number, 
/**
 * Who has come since it was opened last, the first one first.
 */
guests: Array<RoomGuest>, 
/**
 * Computers that came and are none of this village's, or are struck off; they were given nothing.
 */
strangers: number, 
/**
 * Why it could not be opened, as a word of the catalogue (`exchange.room.trouble.…`).
 */
trouble: string | null, problem: Problem | null, };
export type RoomFound = { trouble: string | null, met: Array<RoomGuest>, };
export type RoomGuest = { 
/**
 * Whose computer it is.
 */
who: string, 
/**
 * Steps of it that were new here.
 */
applied: number, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, 
/**
 * Why it did not come about, as a word of the catalogue (`exchange.room.trouble.…`).
 */
trouble: string | null, };
export type RoundFields = { pair: number, fields: Record<string, unknown>, seen?: Record<string, unknown>, };
export type RoundMend = { id: string, text: string, owner: string | null, due: string | null, done: boolean, };
export type RoundRate = { pair: number, who: string, satisfied: number, valid: number, plain: boolean, 
/**
 * Below the threshold; never so where a household was evaluated.
 */
below: boolean, };
export type RoundView = { pair: number, who: string, said: string, what: string, of_households: boolean, id: string | null, speaker: string | null, summary: string | null, tally: { issued?: number; returned?: number; spoilt?: number; best: number; good: number; fair: number; poor: number } | null, rate: RoundRate | null, 
/**
 * What the last meeting has to lend.
 */
last: LastRound | null, mends: Array<RoundMend>, retest_due: string | null, 
/**
 * The earlier round that this one tests again.
 */
retest_of: string | null, 
/**
 * An earlier result that is still to be tested again.
 */
to_retest: ToRetest | null, };
export type Row = { 
/**
 * Its name among all of them, as `month_records` takes it.
 */
figure: string, section: Section, 
/**
 * The name of its words.
 */
code: string, part: string | null, called: string | null, state: State, rate: Rate | null, 
/**
 * The same figure of the month before, where that is known.
 */
before: number | null, before_rate: Rate | null, 
/**
 * What a reason may be given for when nothing of it was done.
 */
duty: string | null, };
export type SaveAttendance = { meeting: string, families: Array<FamilyCame>, correct?: string, };
export type SaveBase = { members: Array<string>, 
/**
 * From this month on.
 */
from: string, payer: 'salaried' | 'retired' | 'farmer' | 'low_income' | 'self_employed', income_fen: number | null, fixed_fen: number | null, relief: ReliefTyped | null, };
export type SaveCourse = { id?: string, course: string, on: string, until?: string, hours: number, organiser: string, central: boolean, members: Array<string>, 
/**
 * Who took part when the form was opened: what another computer added since is left as it is.
 */
before: Array<string>, };
export type SaveCriteria = { cycle: string, criteria: Array<[string, Array<string>]>, vetoes: Array<string>, };
export type SaveGrades = { year: number, meeting?: string, over_why: string, 
/**
 * What was changed; members not named keep what they have.
 */
members: Array<GradeMember>, };
export type SaveItem = { id?: string, name: string, sort: 'gain' | 'loss' | 'spend', points: number, rule: string, from: string, until: string | null, 
/**
 * What the form had shown.
 */
seen?: Record<string, unknown>, };
export type SaveMatter = { id?: string, text: string, on: string, 
/**
 * Where it came up; what stands is kept when it is left out.
 */
raised_at?: 'meeting' | 'visit' | 'link' | 'mend' | 'other', household: string | null, owner: string | null, due: string | null, 
/**
 * What the form had shown: a value changed elsewhere since is not written over unseen.
 */
seen?: Record<string, unknown>, };
export type SaveMeeting = { id: string, fields: Record<string, unknown>, 
/**
 * What the screen had shown in them.
 */
seen?: Record<string, unknown>, correct?: string, };
export type SaveMend = { meeting: string, pair: number, text: string, owner: string, correct?: string, };
export type SaveObjection = { cycle: string, household?: string, on: string, by: string, text: string, };
export type SavePayments = { payments: Array<Payment>, };
export type SavePerson = { id?: string, 
/**
 * Only what was changed; `id_number` as it was typed.
 */
fields: Record<string, unknown>, 
/**
 * What the form had shown in these fields.
 */
seen?: Record<string, unknown>, };
export type SavePlan = { month: string, 
/**
 * Lines left empty are left out.
 */
items: Array<string>, };
export type SavePoint = { household: string, item: string, on: string, 
/**
 * Without a sign; as the item says when it is left out.
 */
points: number | null, grounds: string, raters: Array<string>, note: string, };
export type SaveRecord = { kind: Kind, id?: string, fields: Record<string, unknown>, 
/**
 * What the form had shown in these fields: a value that was changed elsewhere since is not written over unseen.
 */
seen?: Record<string, unknown>, 
/**
 * Why a fact of a closed month is changed.
 */
correct?: string, };
export type SaveRounds = { meeting: string, rounds: Array<RoundFields>, correct?: string, };
export type SaveScores = { cycle: string, stage: 'self' | 'peer' | 'panel', scores: Array<HouseholdScore>, correct?: string, };
export type SaveSheet = { visitor: string, visits: Array<SheetVisit>, };
export type SaveStep = { case: StepCase, step: string, fields: Record<string, unknown>, pass?: string, seen?: Record<string, unknown>, correct?: string, };
export type SaveVisit = { 
/**
 * The visit that is changed; a new one when none is named.
 */
id?: string, 
/**
 * 补到那一次: what is filled in is added to the visit that is named, nothing of it is taken away.
 */
add?: boolean, household: string, visitor: string, on: string, meal: boolean, self_paid: boolean, chore: boolean, way: boolean, chore_what?: string, opportunity?: string, note?: string, 
/**
 * Why it is entered late.
 */
late_why?: string, 
/**
 * What they asked for.
 */
need?: Need, 
/**
 * What the form had shown, where a visit is changed.
 */
seen?: Record<string, unknown>, correct?: string, };
export type SavedPerson = { id: string, 
/**
 * 号码可能有误: what is wrong with the number that was kept as typed.
 */
doubt: string | null, };
export type SavedVisit = { id: string, 
/**
 * 补录.
 */
late: boolean, };
export type Section = "roll" | "assembly" | "aid" | "links" | "stars" | "branch" | "entry";
export type SeenNews = { seen: number, };
export type SendPictures = { yes: boolean, };
export type SentState = "here" | "packed" | "delivered" | "received" | "returned";
export type Session = { open: OpenLedger | null, 
/**
 * The ledger that was open last and did not open now, and why.
 */
lost: LostLedger | null, today: string, user: string, settings: Settings, 
/**
 * Where papers are put.
 */
papers: string, version: string, };
export type SetSettings = { size?: Size, high_contrast?: boolean, language?: Language, 
/**
 * An empty name means: the clerk of the ledger.
 */
user?: string, 
/**
 * An empty path means: the usual folder.
 */
papers?: string, };
export type Settings = { size: Size, high_contrast: boolean, language: Language, 
/**
 * 谁在用这台电脑.
 */
user: string | null, 
/**
 * Where papers are put; none means the usual folder.
 */
papers: string | null, 
/**
 * The ledger that was open last.
 */
ledger: string | null, };
export type SettlePlaces = { choices: Array<ChosenVersion>, 
/**
 * Why, when a fact of a closed month changes by it.
 */
correct?: string, };
export type SettledPlace = { batch: string, author: string, at_ms: number, household: string | null, name: string, place: SettlingPlace, };
export type SettlingCase = { key: string, household: string | null, 
/**
 * The head of the family, or what the record is known by.
 */
name: string, places: Array<SettlingPlace>, };
export type SettlingPage = { cases: Array<SettlingCase>, 
/**
 * Settled within [`DAYS`] days, newest first.
 */
settled: Array<SettledPlace>, };
export type SettlingPlace = { kind: Kind, id: string, 
/**
 * Whom or what of the family it is about; empty for the household itself.
 */
about: string, field: string, 
/**
 * A number of a person: masked, and shown when asked.
 */
masked: boolean, 
/**
 * What stands first, which is the newest; then the others, newest first.
 */
versions: Array<SettlingVersion>, };
export type SettlingVersion = { batch: string, author: string, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, 
/**
 * Written on this computer.
 */
here: boolean, value: Array<ValuePart>, };
export type SheetMeaning = { sheet: string, hidden: boolean, rows: number, 
/**
 * Which ledger it is taken for; none when it is left out.
 */
kind: string | null, 
/**
 * By the words of its header alone.
 */
automatic: string | null, columns: Array<ColumnMeaning>, 
/**
 * What the columns of this ledger can mean.
 */
fields: string[], 
/**
 * What this ledger cannot be read without and no column means.
 */
missing: string[], 
/**
 * What was said last about a sheet with this header, where it is not what holds now.
 */
known: KnownMapping | null, };
export type SheetRow = { household: string, head: string, group: string | null, number: number | null, 
/**
 * Days of the month on which a visit is entered already.
 */
days: Array<string>, };
export type SheetVisit = { household: string, on: string, meal: boolean, self_paid: boolean, chore: boolean, way: boolean, opportunity?: string, 
/**
 * 困难诉求, which becomes a 事项.
 */
need?: string, note?: string, };
export type Size = "standard" | "large" | "huge";
export type SplitHousehold = { household: string, 
/**
 * Who goes.
 */
people: Array<string>, 
/**
 * Who heads the new household: one of them.
 */
head: string, 
/**
 * Who heads the one that stays, when its head goes.
 */
left_head?: string, number?: number, group?: string, address?: string, };
export type StarCheckLine = { id: string, on: string, by: string | null, outcome: string | null, };
export type StarCycleLine = { id: string, name: string, year: number | null, 
/**
 * The step at hand; none where all are passed, or where the cycle came from a table and had no steps here.
 */
step: string | null, 
/**
 * Households with 0 (未评) to 5 stars.
 */
levels: [number, number, number, number, number, number], };
export type StarLine = { id: string, cycle: string, stars: number | null, 
/**
 * 致富、守法、美德、卫生、诚信; none where it was not judged.
 */
granted: [boolean | null, boolean | null, boolean | null, boolean | null, boolean | null], veto: string | null, unrated_reason: string | null, };
export type StarPage = { id: string, name: string, today: string, steps: Array<StepLine>, 
/**
 * Which of `steps` is at hand; as many as there are when all are passed.
 */
at: number, 
/**
 * It came from a table, decided: it has no steps here.
 */
taken_over: boolean, 
/**
 * The notice hangs, or has hung: from now on a rating is changed by an objection or a correction.
 */
posted: boolean, households: number, 
/**
 * Households that are rated, and how many each stage has scored: 自评、互评、评议会.
 */
rated: number, scored: [number, number, number], 
/**
 * By stars, 0 (未评) to 5.
 */
levels: [number, number, number, number, number, number], 
/**
 * 致富、守法、美德、卫生、诚信.
 */
aspects: [number, number, number, number, number], 
/**
 * 未评 by reason; `veto` is 一票否决.
 */
unrated: Array<[string, number]>, groups: Array<GroupStars>, 
/**
 * The cycle before, and who rose or fell since.
 */
before: string | null, up: number, down: number, objections: Array<ObjectionLine>, 
/**
 * 季查, the latest first.
 */
checks: Array<StarCheckLine>, 
/**
 * What each star asks for, and what bars from all of them.
 */
criteria: Array<[string, Array<string>]>, vetoes: Array<string>, };
export type StarPaper = "application" | "tally" | "notice" | "plaques" | "certificates";
export type StarRow = { household: string, head: string | null, number: number | null, group: string | null, 
/**
 * What it had in the cycle before, those it holds now after what was changed since.
 */
last: [boolean, boolean, boolean, boolean, boolean] | null, own: [boolean, boolean, boolean, boolean, boolean] | null, peer: [boolean, boolean, boolean, boolean, boolean] | null, panel: [boolean, boolean, boolean, boolean, boolean] | null, peer_why: string | null, panel_why: string | null, 
/**
 * What was decided.
 */
stars: number | null, granted: [boolean, boolean, boolean, boolean, boolean], veto: string | null, veto_why: string | null, appeal: string | null, unrated_reason: string | null, 
/**
 * 动态管理: stars since, where they were changed.
 */
now: number | null, };
export type State = { "is": "known", n: number, } | { "is": "not_held", reason: string, } | { "is": "unknown" };
export type Step = { batch: string, 
/**
 * What it did, as a word of the catalogue (`op.…`).
 */
op: string, author: string, 
/**
 * Milliseconds since 1970.
 */
at_ms: number, 
/**
 * How many records it touched, by kind.
 */
records: Record<string, number>, 
/**
 * What it changed, where it changed few records.
 */
changes: Array<StepChange>, };
export type StepAsks = { 
/**
 * Kinds of meeting that may take it.
 */
bodies: Array<string>, votes: boolean, 
/**
 * Names of people are asked for: at least, at most.
 */
persons: [number, number | null] | null, 
/**
 * Days on the board: at least, and as is usual.
 */
posted: [number, number] | null, 
/**
 * Days before the meeting on which the plan goes out.
 */
announced: number | null, papers: Array<string>, };
export type StepCase = { "of": "cycle", "id": string } | { "of": "decision", "id": string } | { "of": "recruit", "id": string };
export type StepChange = { kind: Kind, id: string, 
/**
 * What a person recognises the record by.
 */
name: string, fields: Record<string, unknown>, };
export type StepLack = { lack: string, details: Record<string, string>, 
/**
 * No reason makes up for it.
 */
hard: boolean, };
export type StepLine = { step: string, phase: string | null, on: string | null, by: string | null, persons: Array<string>, body: string | null, expected: number | null, present: number | null, yes: number | null, no: number | null, abstained: number | null, posted_from: string | null, posted_until: string | null, papers: Array<string>, evidence: string | null, incomplete_why: string | null, returned_why: string | null, asks: StepAsks, 
/**
 * What is missing to pass it today.
 */
lacks: Array<StepLack>, 
/**
 * By when it should be passed.
 */
due: string | null, };
export type StickPlaces = { 
/**
 * Sticks that are in.
 */
sticks: Array<string>, 
/**
 * Packages that lie on them, or where files usually lie; the newest first.
 */
packages: Array<FoundPackage>, };
export type Stood = { state: State, rate: Rate | null, };
export type Structure = { as_of: string, members: number, probationary: number, women: number, minority: number, floating: number, 
/**
 * 年龄、学历、党龄.
 */
ages: Array<Band>, schooling: Array<Band>, years: Array<Band>, };
export type StudyHours = { from_meetings: number, from_training: number, needed: number, 
/**
 * 集中培训: taken part in, and needed (of those who lead).
 */
central: number, central_needed: number, };
export type TableLook = { path: string, name: string, 
/**
 * Why it cannot be read at all.
 */
problem: Problem | null, sheets: Array<SheetMeaning>, };
export type TalkLine = { member: string, name: string, cell: string | null, talks: Array<TalkOf>, };
export type TalkOf = { id: string, on: string, by: string, gist: string | null, };
export type Talked = { 
/**
 * A word of the catalogue (`trouble.…`).
 */
trouble: string | null, 
/**
 * Steps of ours that have their receipt since.
 */
received: number, 
/**
 * Steps of others that are new here.
 */
applied: number, 
/**
 * Steps that still have none.
 */
left: number, };
export type ToRetest = { round: string, on: string, due: string, rate: RoundRate, };
export type TownshipOf = { 
/**
 * As it calls itself, else as the village's ledger has it.
 */
name: string | null, 
/**
 * A village without a township exchanges by stick alone.
 */
by_line: boolean, 
/**
 * In such a village: this is its first computer, which lets further ones in.
 */
first: boolean, role: string, who: string, 
/**
 * Somebody must say yes first, and sees the same six digits.
 */
waits: boolean, short: string, revoked: boolean, 
/**
 * 照片也传.
 */
pictures: boolean, };
export type TrainingLine = { id: string, course: string, on: string, until: string | null, hours: number, organiser: string | null, central: boolean, members: Array<string>, };
export type TypedCode = { code: string, };
export type UndoStep = { batch: string, 
/**
 * Why, when the step changed facts of a month that is closed by now.
 */
correct?: string, };
export type UndoneStep = { restored: number, 
/**
 * Records that have been changed since and were left as they are.
 */
kept: number, };
export type UnitLine = { id: string, name: string, kind: string, parent: string | null, 
/**
 * How far down it stands.
 */
depth: number, from: string | null, until: string | null, groups: Array<string>, 
/**
 * On the roll: of a 党小组 its own, of a branch everybody's.
 */
members: number | null, 
/**
 * In the groups that it covers.
 */
households: number | null, note: string | null, };
export type UnitsOfRoll = { parent?: string, };
export type Unknown = { "code": "no_pairings" } | { "code": "undated_matters", n: number, } | { "code": "joined_unknown", name: string, household: string | null, } | { "code": "rule", duty: string, };
export type ValuePart = { 
/**
 * What the part is called; none for a value of one piece.
 */
part: string | null, text: string, };
export type Verdict = { "is": "not_voted" } | { "is": "not_open" } | { "is": "too_many_votes", votes: number, present: number, } | { "is": "counted", passed: boolean, yes: number, needed: number, of_due: boolean, whole: number, };
export type VisitDay = { household: string, on: string, };
export type VisitLine = { id: string, on: string, visitor: string, shared_meal: boolean | null, did_chore: boolean | null, way_forward: boolean | null, opportunity: string | null, note: string | null, };
export type VisitLook = { row: VisitRow, self_paid: boolean | null, chore_what: string | null, opportunity: string | null, note: string | null, late_why: string | null, 
/**
 * Its month is closed: a change is a 更正 with a reason.
 */
closed: boolean, voided: string | null, };
export type VisitRow = { id: string, household: string, head: string | null, group: string | null, visitor: string, visitor_name: string, on: string, meal: boolean | null, chore: boolean | null, way: boolean | null, 
/**
 * 补录.
 */
late: boolean, 
/**
 * When it was entered, in the order of entering: newest first in a list.
 */
typed_on: string | null, };
export type VisitSheet = { rows: Array<SheetRow>, };
export type Visited = "this_month" | "not_yet" | "not_for_long";
export type VisitorName = { id: string, name: string, };
export type VoidHousehold = { household: string, reason: string, };
export type VoidMeeting = { id: string, reason: string, correct?: string, };
export type VoidPayment = { member: string, month: string, reason: string, };
export type VoidRecord = { kind: Kind, id: string, reason: string, correct?: string, };
export type VoidedRecord = { kind: Kind, id: string, name: string, reason: string, };
export type WaitingItem = { batch: string, 
/**
 * What it did, as a word of the catalogue (`op.…`).
 */
op: string, author: string, at_ms: number, state: SentState, 
/**
 * Why it was returned or is kept over there, as a word of the catalogue (`held.…`).
 */
why: string | null, 
/**
 * The record it is about: the first of them.
 */
record: ItemRecord | null, 
/**
 * How many it touched.
 */
records: number, };
export type WaitingPeople = { 
/**
 * A word of the catalogue (`trouble.…`).
 */
trouble: string | null, people: Array<WaitingPerson>, };
export type WaitingPerson = { device: string, who: string, role: string, 
/**
 * The six digits that its own screen shows too.
 */
short: string, };
export type What = { "code": "mass", held: number, times: number, } | { "code": "visits", left: number, paired: number, } | { "code": "unvisited", households: number, months: number, head: string, days: number | null, } | { "code": "matter", text: string, head: string | null, owner: string | null, } | { "code": "matters", n: number, } | { "code": "answered", n: number, } | { "code": "retest", who: string, satisfied: number, valid: number, on: string, } | { "code": "report", missing: number | null, } | { "code": "returned", reason: string, reopened: boolean, } | { "code": "notice", cycle: string, objections: number, } | { "code": "step", title: string, step: string, } | { "code": "branch", kinds: Array<string>, late: number, } | { "code": "term", organ: string, } | { "code": "star_check", cycle: string, } | { "code": "probation", name: string, } | { "code": "questions", n: number, } | { "code": "findings", n: number, };
export type Whence = "last_cycle" | "stage_before";
export type Which = "open" | "due" | "undated" | "all";
export type WhichBond = { bond: 'aid' | 'link' | 'team', };
export type WhichCycle = { id: string, };
export type WhichDecision = { id: string, };
export type WhichDecisionPaper = { id: string, 
/**
 * As Word; else as PDF. Of no matter to a preview.
 */
word: boolean, };
export type WhichDuesPaper = { year: number, paper: DuesPaper, 
/**
 * As Word; else as PDF. Of no matter to a preview.
 */
word: boolean, };
export type WhichDuesYear = { year: number, };
export type WhichDuty = { month: string, key: string, };
export type WhichFamily = { meeting: string, household: string, };
export type WhichFigure = { month: string, 
/**
 * As `month_look` names it; `after.corrected` and `after.late` for a closed month.
 */
figure: string, };
export type WhichHelper = { id: string, };
export type WhichHistory = { 
/**
 * The steps that touched this record; all steps when none is named.
 */
of?: string, limit: number, };
export type WhichHousehold = { id: string, };
export type WhichKind = { kind: Kind, };
export type WhichMatter = { id: string, };
export type WhichMeeting = { id: string, };
export type WhichMember = { id: string, year?: number, };
export type WhichMonth = { month: string, };
export type WhichPage = { key: string, 
/**
 * The first page is 1.
 */
n: number, };
export type WhichPaper = { id: string, paper: MeetingPaper, 
/**
 * What it is written as; of no matter to a preview.
 */
format?: MeetingFormat, };
export type WhichPerson = { id: string, };
export type WhichPhoto = { id: string, };
export type WhichPoints = { year: number, };
export type WhichPointsPaper = { year: number, 
/**
 * One group only.
 */
group?: string, 
/**
 * Days on the board; a place to write them in while one is not known.
 */
from?: string, until?: string, 
/**
 * As Word; else as PDF. Of no matter to a preview.
 */
word: boolean, };
export type WhichRecord = { kind: Kind, id: string, };
export type WhichRecruit = { id: string, };
export type WhichStarPaper = { id: string, paper: StarPaper, 
/**
 * One group only.
 */
group?: string, 
/**
 * As Word; else as PDF. Of no matter to a preview.
 */
word: boolean, };
export type WhichVisit = { id: string, };
export type WhichYear = { 
/**
 * This year when none is named.
 */
year?: number, };
export type WriteTables = { files: Array<ChosenTable>, only_new: boolean, 
/**
 * Why facts of a closed month are changed.
 */
correct?: string, };
export type YearSummary = { year?: number, 
/**
 * As Word; else as PDF. Of no matter to a preview.
 */
word: boolean, };

/** The records as the generic verbs give and take them. */
export interface Records {
  village: { id: string; name: string; code?: string; township?: string; county?: string; clerk?: string; branch?: string; pairs?: unknown; grades?: unknown; sample?: boolean; note?: string; gone?: unknown; };
  group: { id: string; name: string; number?: number; leader?: string; note?: string; gone?: unknown; };
  household: { id: string; group?: string; number?: number; head?: string; address?: string; phone?: string; vacant?: boolean; split_from?: string; merged_into?: string; ended_on?: string; ended_why?: string; moved_to?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  person: { id: string; name: string; household?: string; relation?: string; sex?: string; ethnic?: string; id_number?: string; id_15?: string; born?: string; education?: string; political?: string; health?: string; phone?: string; away?: boolean; away_since?: string; away_where?: string; died_on?: string; left_on?: string; left_why?: string; unit?: string; post?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  household_class: { id: string; household: string; class: string; from?: string; until?: string; risk_cleared_on?: string; why?: string; note?: string; gone?: unknown; };
  party_member: { id: string; person: string; class?: string; joined_on?: string; full_on?: string; cell?: string; duty?: string; has_post?: boolean; floating?: boolean; came_on?: string; came_from?: string; left_on?: string; left_to?: string; left_how?: string; suspended_on?: string; probation_until?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  org_unit: { id: string; name: string; unit_kind: string; parent?: string; from?: string; until?: string; groups?: unknown; note?: string; gone?: unknown; };
  office: { id: string; organ: string; position: string; person: string; org_unit?: string; group?: string; from?: string; until?: string; ended_why?: string; term_until?: string; vetted_on?: string; filed_on?: string; note?: string; gone?: unknown; };
  member_change: { id: string; member: string; event: string; on: string; place?: string; until?: string; evidence?: string; note?: string; gone?: unknown; };
  pledge: { id: string; member: string; position?: string; text: string; on: string; due?: string; done_on?: string; outcome?: string; note?: string; gone?: unknown; };
  training: { id: string; course: string; on: string; until?: string; hours: number; organiser?: string; central?: boolean; note?: string; gone?: unknown; };
  trained: { id: string; training: string; member: string; hours?: number; outcome?: string; note?: string; gone?: unknown; };
  talk: { id: string; member: string; on: string; by: string; gist?: string; note?: string; gone?: unknown; };
  pairing: { id: string; bond: string; household: string; helper: string; role?: string; from?: string; until?: string; ended_why?: string; team?: string; measures?: string; note?: string; gone?: unknown; };
  meeting: { id: string; meeting_kind: string; on: string; time?: string; place?: string; host?: string; recorder?: string; topic?: string; expected?: number; present?: number; present_women?: number; present_members?: number; groups?: unknown; cell?: string; hours?: number; grades?: unknown; opinions?: number; minutes?: string; edits?: unknown; sealed_on?: string; version?: number; sealed_as?: unknown; typed_on?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  round: { id: string; meeting: string; pair: number; who: string; said?: string; what?: string; speaker?: string; summary?: string; tally?: unknown; retest_of?: string; retest_due?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  attendance: { id: string; meeting: string; household?: string; person?: string; people?: number; absent_why?: string; made_up_on?: string; made_up_how?: string; note?: string; gone?: unknown; };
  resolution: { id: string; meeting: string; text: string; votes?: unknown; secret?: boolean; note?: string; gone?: unknown; };
  appraisal: { id: string; year: number; meeting?: string; over_why?: string; note?: string; gone?: unknown; };
  appraised: { id: string; appraisal: string; member: string; grade: string; remark?: string; note?: string; gone?: unknown; };
  visit: { id: string; household: string; visitor: string; on: string; shared_meal?: boolean; self_paid?: boolean; did_chore?: boolean; chore?: string; opportunity_given?: boolean; opportunity?: string; opportunity_done?: boolean; day_note?: string; typed_on?: string; late_why?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  matter: { id: string; text: string; on: string; raised_at: string; household?: string; person?: string; meeting?: string; visit?: string; round?: string; owner?: string; due?: string; answer?: string; answered_on?: string; closed_on?: string; note?: string; gone?: unknown; };
  photo: { id: string; meeting?: string; visit?: string; hash: string; caption?: string; bytes: number; width: number; height: number; note?: string; gone?: unknown; };
  phrase: { id: string; text: string; note?: string; gone?: unknown; };
  not_held: { id: string; month: string; duty: string; reason: string; note?: string; gone?: unknown; };
  month_plan: { id: string; month: string; items: unknown; note?: string; gone?: unknown; };
  star_cycle: { id: string; name: string; year?: number; stage?: string; notice_from?: string; notice_until?: string; objections?: number; objections_settled?: number; decided_on?: string; criteria?: unknown; note?: string; gone?: unknown; };
  rating: { id: string; cycle: string; household: string; wealth?: unknown; law?: unknown; virtue?: unknown; clean?: unknown; honest?: unknown; stars?: number; veto?: string; veto_why?: string; appeal?: string; unrated_reason?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  star_score: { id: string; cycle: string; household: string; stage: string; stars?: unknown; why?: string; note?: string; gone?: unknown; };
  objection: { id: string; cycle: string; household?: string; on: string; by?: string; text: string; answer?: string; answered_on?: string; upheld?: boolean; note?: string; gone?: unknown; };
  star_move: { id: string; cycle: string; household: string; on: string; stars: number; why: string; by?: string; note?: string; gone?: unknown; };
  star_check: { id: string; cycle: string; on: string; by?: string; outcome?: string; note?: string; gone?: unknown; };
  decision: { id: string; procedure: string; title: string; raised_on: string; raised_by?: string; household?: string; plan?: string; note?: string; gone?: unknown; };
  recruit: { id: string; person: string; applied_on?: string; ended_on?: string; ended_why?: string; note?: string; gone?: unknown; };
  step: { id: string; cycle?: string; decision?: string; recruit?: string; step: string; on?: string; by?: string; persons?: unknown; body?: string; basis?: string; expected?: number; present?: number; votes?: unknown; posted_from?: string; posted_until?: string; papers?: unknown; evidence?: string; incomplete_why?: string; returned_why?: string; note?: string; gone?: unknown; };
  dues_base: { id: string; member: string; from: string; payer: string; income_fen?: number; fixed_fen?: number; relief?: unknown; note?: string; gone?: unknown; };
  dues: { id: string; member: string; month: string; fen: number; paid_on: string; collected_by?: string; receipt?: string; note?: string; gone?: unknown; };
  point_item: { id: string; name: string; sort: string; points: number; rule: string; from: string; until?: string; note?: string; gone?: unknown; };
  point_entry: { id: string; household: string; item: string; on: string; points: number; grounds: string; raters: unknown; appealed?: unknown; answered?: unknown; note?: string; gone?: unknown; };
  report: { id: string; month: string; closed_on: string; closed_by: string; template?: number; figures: unknown; check_code: string; reviewer?: string; note?: string; gone?: unknown; };
  report_answer: { id: string; month: string; check_code: string; accepted: boolean; reason?: string; on: string; note?: string; gone?: unknown; };
  correction: { id: string; month: string; on: string; carried_by: string; of_kind: string; of: string; reason: string; note?: string; gone?: unknown; };
}
