using SpendGuard.Billing;
using SpendGuard.Bounds;

namespace SpendGuard.Providers.Gemini;

/// <summary>Google, as far as its Gemini models go.</summary>
internal sealed class GeminiVendor : Vendor
{
    public const string Name = "gemini";

    public override ReasoningPlace Reasoning => ReasoningPlace.Beside;

    public override AnswerReader ChatReader(CallShape shape) => new GeminiReader();
}
