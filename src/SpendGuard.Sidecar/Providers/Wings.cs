using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI;

namespace SpendGuard.Sidecar.Providers;

/// <summary>The wings that there are. A vendor with a wire format of its own is a folder in <c>Dialects/</c> and a line here.</summary>
internal static class Wings
{
    public static IWing OpenAI { get; } = new OpenAIWing();

    public static IWing Anthropic { get; } = new AnthropicWing();

    public static IWing Gemini { get; } = new GeminiWing();

    public static IReadOnlyList<IWing> All { get; } = [OpenAI, Anthropic, Gemini];

    /// <summary>Whose client a request is from that no route takes, as far as that can be told.</summary>
    public static IWing OfClient(HttpRequest request) => All.Reverse().First(wing => wing.MayBeFrom(request));
}
