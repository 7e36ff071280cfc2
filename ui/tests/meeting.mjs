/** S6 by keyboard alone: a mass meeting with four tallies and five opinions, from the list to the printed minutes. */

/** Numbers of one pair; once the sum is reached the rest is none and need not be typed. */
async function ballots(hands, focused, row, numbers) {
  for (const [at, n] of numbers.entries()) {
    await focused(`grade${row}-${at}`)
    await hands.type(String(n))
    await hands.press('Enter')
  }
  for (let at = numbers.length; at < 5; at += 1) await hands.press('Enter')
}

/** Begins on the list of meetings; ends when the minutes are written. */
export async function holdMeeting(hands) {
  const { page } = hands
  const focused = (name) => page.locator(`[name="${name}"]:focus`).waitFor()
  const seen = (text) => page.getByText(text).first().waitFor()
  await hands.press('Alt+n')
  await focused('kind')
  await hands.press('Control+s')
  await focused('family')
  for (let back = 0; back < 4; back += 1) await hands.press('Shift+Tab')
  await focused('present')
  await hands.type('46')
  await hands.press('Alt+ArrowRight')
  await focused('speaker1')
  await hands.press('Alt+ArrowRight')
  for (const [row, numbers] of [[41, 4, 1], [40, 6], [42, 4], [38, 5, 3]].entries()) await ballots(hands, focused, row + 1, numbers)
  await page.locator('.lamp', { hasText: '已核对' }).nth(3).waitFor()
  await hands.press('Alt+ArrowRight')
  for (const text of ['水管坏了', '路灯不亮', '垃圾没人收', '想修机耕路', '低保怎么申请']) {
    await focused('text')
    await hands.type(text)
    await hands.press('Control+Enter')
    await seen(`已存：${text}`)
  }
  await hands.press('Alt+ArrowRight')
  await page.getByRole('button', { name: '选照片' }).waitFor()
  await hands.press('Alt+ArrowRight')
  await page.getByRole('button', { name: '打印纪要' }).waitFor()
  await hands.press('Control+p')
  await page.getByRole('button', { name: /仍要打印/ }).waitFor()
  await hands.until('Shift+Tab', () => page.locator('button:focus', { hasText: '仍要打印' }).count())
  await hands.press('Enter')
  await seen('已写好')
}
