// interim file of the lead, to be replaced
export function loadSecretKey(): Buffer { return Buffer.alloc(32); }
