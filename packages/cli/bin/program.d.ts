export function isBundleFresh(): boolean;
export function programFile(): URL;
