const MOST = 1e12;

/** `1 in 4 000 by chance`: two digits are as much as such a number means. */
export function chancePhrase(chance: number): string {
  if (chance >= 0.5) return 'as likely chance as not';
  const odds = 1 / chance;
  if (odds > MOST) return 'less than 1 in 1 000 000 000 000 by chance';
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(odds)) - 1);
  return `1 in ${grouped(Math.round(odds / unit) * unit)} by chance`;
}

function grouped(whole: number): string {
  return String(whole).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
}
