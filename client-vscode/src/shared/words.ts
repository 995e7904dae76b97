// Numbers as a person reads them.

/** US dollars with enough digits to tell small sums apart: `$0.0042`, `$1.30`, `$0`. */
export function usd(value: number): string {
  if (value === 0) {
    return "$0";
  }
  if (value < 0.0001) {
    return "<$0.0001";
  }
  return `$${value.toFixed(value < 0.1 ? 4 : 2)}`;
}

/** A duration: `0.8 s`, `12 s`, `3 min`, `2 h`. */
export function seconds(value: number): string {
  if (value < 10) {
    return `${value.toFixed(1)} s`;
  }
  if (value < 90) {
    return `${Math.round(value)} s`;
  }
  return value < 5400 ? `${Math.round(value / 60)} min` : `${Math.round(value / 3600)} h`;
}

/** Milliseconds: `25 ms` up to a second, then seconds. */
export function milliseconds(value: number): string {
  if (value < 1) {
    return "under 1 ms";
  }
  return value < 1000 ? `${Math.round(value)} ms` : seconds(value / 1000);
}

/** How long ago: `just now`, `5 minutes ago`, `3 days ago`. */
export function ago(value: number): string {
  const steps: readonly (readonly [number, string])[] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
  ];
  for (const [size, name] of steps) {
    const count = Math.floor(value / size);
    if (count >= 1) {
      return `${counted(count, name)} ago`;
    }
  }
  return "just now";
}

/** What a reused answer saves: `$0.0040 and 2.1 s`; without the money where no price is known. */
export function saving(money: number | null, time: number): string {
  return `${money === null ? "" : `${usd(money)} and `}${milliseconds(time * 1000)}`;
}

/** A calibrated probability as a count of answers: `About 8 in 10 such answers were right`. */
export function howOften(probability: number): string {
  const tenths = Math.round(probability * 10);
  const count = probability >= 0.95 ? "More than 9" : tenths === 0 ? "Fewer than 1" : `About ${tenths}`;
  return `${count} in 10 such answers were right`;
}

/** A sentence as the second half of one; a name or a code word at its start stays as it is. */
export function lowerFirst(sentence: string): string {
  return /^[A-Z]([a-z]+[ ,]| )/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
}

/** A share as a whole percentage. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** `1 token`, `2,048 tokens`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${Math.abs(count) === 1 ? "" : "s"}`;
}

/** `+24 tokens` or `−3 tokens`. */
export function signedTokens(count: number): string {
  return `${count < 0 ? "−" : "+"}${counted(Math.abs(count), "token")}`;
}
