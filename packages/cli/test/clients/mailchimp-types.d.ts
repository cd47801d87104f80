// The client comes without types; these are of what the test uses.
declare module '@mailchimp/mailchimp_marketing' {
  const mailchimp: {
    setConfig(config: { apiKey: string; server: string }): void;
    ping: { get(): Promise<unknown> };
  };
  export default mailchimp;
}
