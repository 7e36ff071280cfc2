/** 以后再说 — families put off while the program runs; they are asked again after the others, and at the next start. */
import { reactive } from 'vue'

export const postponed = reactive(new Set<string>())
