namespace SpendGuard.Testing.Provider.Wire.OpenAI;

/// <summary>Whose rules of counting an OpenAI-shaped endpoint follows.</summary>
internal enum Vendor
{
    OpenAI,
    Grok,

    /// <summary>Google, where it speaks this format: thoughts are in no count but the total, and no details are told.</summary>
    Google,

    /// <summary>Whoever serves other models in this format: the counts are OpenAI's, and a field that it does not know is ignored.</summary>
    Compatible,
}
