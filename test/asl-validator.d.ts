declare module 'asl-validator' {
  /** Offline validation of an Amazon States Language definition. */
  const validate: (definition: object) => {
    isValid: boolean;
    errors: readonly { 'Error code': string; Message: string }[];
  };
  export default validate;
}
