using System.Collections.Frozen;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Pricing.Terms;

namespace SpendGuard.Providers.Anthropic;

/// <summary>Anthropic.</summary>
internal sealed class AnthropicVendor() : Vendor("anthropic")
{
    private const string Overload = "overloaded_error";

    /// <summary>Its SDK has a type for each of these answers, and no status that could be read without the SDK.</summary>
    private static readonly FrozenDictionary<string, int> Refusals = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Anthropic.Exceptions.AnthropicBadRequestException"] = 400,
        ["Anthropic.Exceptions.AnthropicUnauthorizedException"] = 401,
        ["Anthropic.Exceptions.AnthropicPaymentRequiredException"] = 402,
        ["Anthropic.Exceptions.AnthropicForbiddenException"] = 403,
        ["Anthropic.Exceptions.AnthropicNotFoundException"] = 404,
        ["Anthropic.Exceptions.AnthropicConflictException"] = 409,
        ["Anthropic.Exceptions.AnthropicContentTooLargeException"] = 413,
        ["Anthropic.Exceptions.AnthropicUnprocessableEntityException"] = 422,
        ["Anthropic.Exceptions.AnthropicRateLimitException"] = 429,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A few hundred tokens.</summary>
    internal override long ToolPrompt => 1_024;

    public override AnswerReader ChatReader(CallShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return new AnthropicMessageReader(shape.LongCacheWrites);
    }

    internal override bool Makes(string model) => model.Contains("claude", StringComparison.OrdinalIgnoreCase);

    internal override SilentTerms TermsOf(string model) => AnthropicTerms.Of(model);

    /// <summary>A call is served where the workspace is set to.</summary>
    public override bool HasSettingFor(string tier) => tier is "us";

    /// <summary>From version 4.7 on, images may be larger. Before, about 1,600 tokens is what they are scaled down to.</summary>
    internal override long? ImageOf(string model, ImageSize? size, string? detail) => AnthropicVersion.Of(model) is [< 4, ..] or [4] or [4, < 7, ..] ? 2_000 : 4_784;

    internal override bool IsOverload(ProviderError error) => error.Type == Overload;

    /// <summary>The type stands for a status only; the body is in the message.</summary>
    internal override bool IsOverload(string exceptionType, string message) =>
        exceptionType is "Anthropic.Exceptions.AnthropicOverloadedException" or "Anthropic.Exceptions.AnthropicServiceUnavailableException"
        && message.Contains($"\"{Overload}\"", StringComparison.Ordinal);

    internal override ClientAdapter? AdapterNamed(string name) =>
        name == Name ? new ClientAdapter { Provider = Name, Assembly = "Anthropic", SendsOnlyWhatItKnows = true } : null;

    /// <summary>What an answer is made of has other types, which its adapter does not send.</summary>
    internal override bool IsRequestPart(string type) =>
        type.StartsWith("Anthropic.Models", StringComparison.Ordinal) && type.EndsWith("Param", StringComparison.Ordinal);

    internal override bool TellsBody(string exceptionType) => exceptionType.StartsWith("Anthropic.Exceptions.", StringComparison.Ordinal);

    internal override int? StatusOf(string exceptionType) => Refusals.TryGetValue(exceptionType, out var status) ? status : null;

    internal override bool PrintsItself(string typeNamespace) => typeNamespace.StartsWith("Anthropic.Models", StringComparison.Ordinal);
}
