/** Papers being made beside the window, and the files when they are there. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { call, show, useWork, type Answer, type Problem, type Progress } from '../../ipc'
import { t } from '../../shared/i18n'

type Papers = Answer<'paper_written'>

export interface PaperWork {
  progress: Ref<Progress | undefined>
  problem: Ref<Problem | undefined>
  papers: ShallowRef<Papers | undefined>
  /** The sentence over the files. */
  told: Ref<string>
  /** Makes them and gives their list; nothing when it was stopped or could not be. */
  make: (begin: () => Promise<{ job: number }>) => Promise<Papers | undefined>
  /** Makes one to be printed, and opens it in the program that prints it. */
  print: (begin: () => Promise<{ job: number }>) => Promise<void>
  stop: () => Promise<void>
  forget: () => void
}

export function usePaperWork(): PaperWork {
  const { progress, problem, follow, stop } = useWork()
  const papers = shallowRef<Papers>()
  const told = ref('')

  function forget() {
    papers.value = undefined
    problem.value = undefined
  }

  async function make(begin: () => Promise<{ job: number }>): Promise<Papers | undefined> {
    if (progress.value !== undefined) return undefined
    forget()
    const job = await follow(begin)
    if (job === undefined) return undefined
    const written = await call('paper_written', { job })
    told.value = t('month.out.done', { n: written.files.length })
    papers.value = written
    return written
  }

  async function print(begin: () => Promise<{ job: number }>) {
    const file = (await make(begin))?.files[0]
    if (file === undefined) return
    told.value = await show(file.path).then(
      () => t('month.out.opened'),
      () => t('month.out.printed'),
    )
  }
  return { progress, problem, papers, told, make, print, stop, forget }
}
