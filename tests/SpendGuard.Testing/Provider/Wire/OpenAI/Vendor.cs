namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Whose rules of counting an OpenAI-shaped endpoint follows.</summary>
internal enum Vendor
{
    OpenAI,
    Grok,
}
