const link = /(<a\b[^>]*?\shref="\/(?:help|requests\/new)(?![\w-])[^"#]*)/g
const form = /<form\b[^>]*?\saction="\/(?:help|requests\/(?:new|solved))(?![\w-])[^"]*"[^>]*>/g

/**
 * A page whose links and forms within the help and of the request form carry an episode on: whatever made the page, this
 * one place knows how. In texts of ours every `<` begins an element, and attributes stand in double quotes.
 */
export function withEpisode(page: string, number: string): string {
  return page
    .replaceAll(link, (start: string) => `${start}${start.includes('?') ? '&amp;' : '?'}e=${number}`)
    .replaceAll(form, (start) => `${start}<input type="hidden" name="e" value="${number}">`)
}
