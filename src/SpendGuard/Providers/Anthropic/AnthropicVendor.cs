using SpendGuard.Billing;
using SpendGuard.Bounds;

namespace SpendGuard.Providers.Anthropic;

/// <summary>Anthropic.</summary>
internal sealed class AnthropicVendor : Vendor
{
    public const string Name = "anthropic";

    public override AnswerReader ChatReader(CallShape shape) => new AnthropicMessageReader(shape.LongCacheWrites);
}
