// interim file of the lead, to be replaced
export interface Filter { readonly text: string; readonly sql: string; readonly params: readonly (string | number)[] }
