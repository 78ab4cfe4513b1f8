namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Whose rules of counting an OpenAI-shaped endpoint follows.</summary>
internal enum Vendor
{
    OpenAI,
    Grok,

    /// <summary>Whoever serves other models in this format: the counts are OpenAI's, and a field that it does not know is ignored.</summary>
    Compatible,
}
