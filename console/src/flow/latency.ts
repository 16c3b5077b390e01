/** Times of messages in words: “0.4 ms”, “230 ms”, “4.2 s”. */
export function latencyInWords(milliseconds: number, language: string): string {
  const seconds = milliseconds >= 1000;
  const value = seconds ? milliseconds / 1000 : milliseconds;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: seconds ? "second" : "millisecond",
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
