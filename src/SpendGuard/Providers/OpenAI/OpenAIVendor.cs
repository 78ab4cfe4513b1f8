namespace SpendGuard.Providers.OpenAI;

/// <summary>OpenAI.</summary>
internal sealed class OpenAIVendor : Vendor
{
    public const string Name = "openai";
}
