/** The form of one visit, and what of it goes to the ledger. */
import type { Ask, VisitLook } from '../../ipc'

export interface VisitForm {
  household: string
  head: string
  on: string
  visitor: string
  visitorName: string
  meal: boolean
  selfPaid: boolean
  chore: boolean
  choreWhat: string
  way: boolean
  opportunity: string
  note: string
  lateWhy: string
  need: string
  needOwner: string
  needDue: string
}

export function emptyForm(today: string): VisitForm {
  return {
    household: '', head: '', on: today, visitor: '', visitorName: '', meal: false, selfPaid: false, chore: false,
    choreWhat: '', way: false, opportunity: '', note: '', lateWhy: '', need: '', needOwner: '', needDue: '',
  }
}

export function formOf(visit: VisitLook): VisitForm {
  const { row } = visit
  return {
    ...emptyForm(row.on),
    household: row.household, head: row.head ?? '', visitor: row.visitor, visitorName: row.visitor_name,
    meal: row.meal === true, selfPaid: visit.self_paid === true, chore: row.chore === true, choreWhat: visit.chore_what ?? '',
    way: row.way === true, opportunity: visit.opportunity ?? '', note: visit.note ?? '', lateWhy: visit.late_why ?? '',
  }
}

/** What somebody has typed or ticked, beyond what the form begins with. */
export function isBegun(form: VisitForm): boolean {
  return [form.household, form.lateWhy, form.choreWhat, form.opportunity, form.note, form.need].some(Boolean) || form.meal || form.chore || form.way
}

/** A text under a box counts as the box. */
export function askOf(form: VisitForm): Ask<'visit_save'> {
  return {
    household: form.household,
    visitor: form.visitor,
    on: form.on,
    meal: form.meal || form.selfPaid,
    self_paid: form.selfPaid,
    chore: form.chore || form.choreWhat.trim() !== '',
    chore_what: form.choreWhat,
    way: form.way || form.opportunity.trim() !== '',
    opportunity: form.opportunity,
    note: form.note,
    late_why: form.lateWhy,
    ...(form.need.trim() ? { need: { text: form.need, ...(form.needOwner ? { owner: form.needOwner } : {}), ...(form.needDue ? { due: form.needDue } : {}) } } : {}),
  }
}

/** What a form that changes a visit had shown, as the ledger holds it. */
export function seenOf(visit: VisitLook): Record<string, unknown> {
  const { row } = visit
  return {
    household: row.household, visitor: row.visitor, on: row.on, shared_meal: row.meal, self_paid: visit.self_paid, did_chore: row.chore,
    chore: visit.chore_what, opportunity_given: row.way, opportunity: visit.opportunity, note: visit.note, late_why: visit.late_why,
  }
}
