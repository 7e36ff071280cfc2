// Written by the test `bindings` of crates/desk from the commands there. Not edited by hand.

import type { Done, DraftKey, Find, FormDraft, Found, JobNo, NewVillage, Nothing, OpenPath, OpenQuestion, Progress, PutDraft, RecordFields, SaveRecord, Session, SetSettings, Settings, SettleQuestion, Step, UndoStep, UndoneStep, VoidRecord, WhichHistory, WhichKind, WhichRecord, Kind } from './types';

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
  record_get: ['all'],
  record_list: ['all'],
  record_voided: ['all'],
  history_list: ['all'],
  question_list: ['all'],
  find: ['person', 'household', 'group'],
};
