/** The one call that the tests make of the reference implementation, which comes without types. */
declare module '@lhncbc/ucum-lhc' {
  interface Validator {
    validateUnitString(code: string): { readonly status: 'valid' | 'invalid' | 'error' };
  }
  const ucum: { readonly UcumLhcUtils: { getInstance(): Validator } };
  export = ucum;
}
