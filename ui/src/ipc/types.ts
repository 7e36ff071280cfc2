// Written by the test `bindings` of crates/desk from the commands there. Not edited by hand.

export type Code = 'no_ledger' | 'file_exists' | 'not_a_ledger' | 'newer_release' | 'busy' | 'read_only' | 'disk_full' | 'key_unusable' | 'unknown_kind' | 'unknown_field' | 'unfit' | 'missing' | 'no_such_record' | 'no_such_target' | 'nothing_to_do' | 'month_closed' | 'already_closed' | 'reason_missing' | 'future_date' | 'dates_reversed' | 'tally_does_not_add' | 'stars_do_not_add' | 'counts_reversed' | 'duplicate' | 'bad_resident_id' | 'no_such_batch' | 'changed_since' | 'question_moved' | 'foreign_batch' | 'malformed_batch' | 'fork' | 'sealed_record' | 'no_reason' | 'too_much_text' | 'changed_meanwhile' | 'malformed_ask' | 'target_unwritable' | 'stopped' | 'no_such_file' | 'no_such_job' | 'bad_picture' | 'workbook_unreadable';
export type Kind = 'village' | 'group' | 'household' | 'person' | 'household_class' | 'party_member' | 'pairing' | 'meeting' | 'round' | 'attendance' | 'visit' | 'matter' | 'photo' | 'phrase' | 'not_held' | 'month_plan' | 'star_cycle' | 'rating' | 'report' | 'correction';
export type After = { corrected: number, late: number, };
export type Among = "everyone" | "households" | "visitors";
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
export type Change = { figure: string, section: Section, code: string, part: string | null, called: string | null, was: Stood | null, now: Stood | null, };
export type CloseMonth = { month: string, 
/**
 * 审核人, when there is one.
 */
reviewer?: string, };
export type Closed = { on: string, by: string, check_code: string, reviewer: string | null, };
export type Done<T> = { value: T, 
/**
 * The step that was written, as `undo` takes it; none when nothing differed.
 */
batch: string | null, 
/**
 * Kinds of record that changed.
 */
touched: Kind[], };
export type DraftKey = { key: string, };
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
export type Find = { text: string, among: Among, limit: number, };
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
export type Home = { id: string, head: string | null, group: string | null, group_number: number | null, number: number | null, };
export type JobNo = { job: number, };
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
export type Language = "zh-CN" | "en";
export type Link = { "page": "household", id: string, } | { "page": "meeting", id: string, } | { "page": "matter", id: string, };
export type LostLedger = { path: string, code: Code | null, };
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
after: After | null, };
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
export type NewVillage = { village: string, user: string, township?: string, code?: string, };
export type Nothing = Record<symbol, never>;
export type Numbers = { satisfaction_percent: number, least_denominator: number, unvisited_months: number, links_min: number, links_max: number, late_days: number, };
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
export type OpenQuestion = { kind: Kind, id: string, field: string, stands: unknown, other: unknown, batch: string, };
export type PageImage = { svg: string, 
/**
 * In points, for its proportions.
 */
width: number, height: number, };
export type PaperFile = { name: string, path: string, };
export type Papers = { folder: string, files: Array<PaperFile>, 
/**
 * Characters that no font here has; the PDF shows 〓 in their place.
 */
missing: string, };
export type Plan = { items: Array<string>, most: number, longest: number, };
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
export type Rate = { num: number, den: number, };
export type Readers = "township" | "village";
export type RecordFields = { id: string } & Record<string, unknown>;
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
export type SavePlan = { month: string, 
/**
 * Lines left empty are left out.
 */
items: Array<string>, };
export type SaveRecord = { kind: Kind, id?: string, fields: Record<string, unknown>, 
/**
 * What the form had shown in these fields: a value that was changed elsewhere since is not written over unseen.
 */
seen?: Record<string, unknown>, 
/**
 * Why a fact of a closed month is changed.
 */
correct?: string, };
export type Section = "roll" | "assembly" | "aid" | "links" | "stars" | "branch" | "entry";
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
export type SettleQuestion = { kind: Kind, id: string, field: string, stands: unknown, other: unknown, batch: string, take_other: boolean, };
export type Size = "standard" | "large" | "huge";
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
export type StepChange = { kind: Kind, id: string, fields: Record<string, unknown>, };
export type Stood = { state: State, rate: Rate | null, };
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
export type VoidRecord = { kind: Kind, id: string, reason: string, correct?: string, };
export type WhichFigure = { month: string, 
/**
 * As `month_look` names it; `after.corrected` and `after.late` for a closed month.
 */
figure: string, };
export type WhichHistory = { 
/**
 * The steps that touched this record; all steps when none is named.
 */
of?: string, limit: number, };
export type WhichKind = { kind: Kind, };
export type WhichMonth = { month: string, };
export type WhichPage = { key: string, 
/**
 * The first page is 1.
 */
n: number, };
export type WhichRecord = { kind: Kind, id: string, };

/** The records as the generic verbs give and take them. */
export interface Records {
  village: { id: string; name: string; code?: string; township?: string; county?: string; clerk?: string; branch?: string; pairs?: unknown; grades?: unknown; sample?: boolean; note?: string; gone?: unknown; };
  group: { id: string; name: string; number?: number; leader?: string; note?: string; gone?: unknown; };
  household: { id: string; group?: string; number?: number; head?: string; address?: string; phone?: string; vacant?: boolean; split_from?: string; merged_into?: string; ended_on?: string; ended_why?: string; moved_to?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  person: { id: string; name: string; household?: string; relation?: string; sex?: string; ethnic?: string; id_number?: string; id_15?: string; born?: string; education?: string; political?: string; health?: string; phone?: string; away?: boolean; away_since?: string; away_where?: string; died_on?: string; left_on?: string; left_why?: string; unit?: string; post?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  household_class: { id: string; household: string; class: string; from?: string; until?: string; risk_cleared_on?: string; why?: string; note?: string; gone?: unknown; };
  party_member: { id: string; person: string; class?: string; joined_on?: string; full_on?: string; cell?: string; duty?: string; has_post?: boolean; floating?: boolean; came_on?: string; came_from?: string; left_on?: string; left_to?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  pairing: { id: string; bond: string; household: string; helper: string; role?: string; from?: string; until?: string; ended_why?: string; team?: string; measures?: string; note?: string; gone?: unknown; };
  meeting: { id: string; meeting_kind: string; on: string; time?: string; place?: string; host?: string; recorder?: string; topic?: string; expected?: number; present?: number; present_women?: number; present_members?: number; groups?: unknown; opinions?: number; minutes?: string; edits?: unknown; sealed_on?: string; version?: number; sealed_as?: unknown; typed_on?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  round: { id: string; meeting: string; pair: number; who: string; said?: string; what?: string; speaker?: string; summary?: string; tally?: unknown; retest_of?: string; retest_due?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  attendance: { id: string; meeting: string; household?: string; person?: string; people?: number; absent_why?: string; note?: string; gone?: unknown; };
  visit: { id: string; household: string; visitor: string; on: string; shared_meal?: boolean; self_paid?: boolean; did_chore?: boolean; opportunity_given?: boolean; opportunity?: string; opportunity_done?: boolean; day_note?: string; typed_on?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  matter: { id: string; text: string; on: string; raised_at: string; household?: string; person?: string; meeting?: string; visit?: string; round?: string; owner?: string; due?: string; answer?: string; answered_on?: string; closed_on?: string; note?: string; gone?: unknown; };
  photo: { id: string; meeting?: string; visit?: string; hash: string; caption?: string; bytes: number; width: number; height: number; note?: string; gone?: unknown; };
  phrase: { id: string; text: string; note?: string; gone?: unknown; };
  not_held: { id: string; month: string; duty: string; reason: string; note?: string; gone?: unknown; };
  month_plan: { id: string; month: string; items: unknown; note?: string; gone?: unknown; };
  star_cycle: { id: string; name: string; year?: number; stage?: string; notice_from?: string; notice_until?: string; objections?: number; objections_settled?: number; decided_on?: string; note?: string; gone?: unknown; };
  rating: { id: string; cycle: string; household: string; wealth?: unknown; law?: unknown; virtue?: unknown; clean?: unknown; honest?: unknown; stars?: number; veto?: string; unrated_reason?: string; as_typed?: unknown; note?: string; gone?: unknown; };
  report: { id: string; month: string; closed_on: string; closed_by: string; template?: number; figures: unknown; check_code: string; reviewer?: string; note?: string; gone?: unknown; };
  correction: { id: string; month: string; on: string; carried_by: string; of_kind: string; of: string; reason: string; note?: string; gone?: unknown; };
}
