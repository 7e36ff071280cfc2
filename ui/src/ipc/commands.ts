// Written by the test `bindings` of crates/desk from the commands there. Not edited by hand.

import type { BlankPaper, CloseMonth, Done, DraftKey, ExportMonth, Find, FormDraft, Found, JobNo, MonthLook, MonthPaper, MonthRecords, Months, NewVillage, Nothing, OpenPath, OpenQuestion, PageImage, Papers, Preview, Progress, PutDraft, RecordFields, SavePlan, SaveRecord, Session, SetSettings, Settings, SettleQuestion, Step, UndoStep, UndoneStep, VoidRecord, WhichFigure, WhichHistory, WhichKind, WhichMonth, WhichPage, WhichRecord, Kind } from './types';

export interface Commands {
  session_look: { ask: Nothing; answer: Session };
  session_new: { ask: NewVillage; answer: null };
  session_open: { ask: OpenPath; answer: null };
  session_sample: { ask: Nothing; answer: JobNo };
  settings_save: { ask: SetSettings; answer: Settings };
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
  history_list: { ask: WhichHistory; answer: Array<Step> };
  history_undo: { ask: UndoStep; answer: Done<UndoneStep> };
  question_list: { ask: Nothing; answer: Array<OpenQuestion> };
  question_settle: { ask: SettleQuestion; answer: Done<null> };
  find: { ask: Find; answer: Array<Found> };
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
  history_list: ['all'],
  question_list: ['all'],
  find: ['person', 'household', 'group'],
};
