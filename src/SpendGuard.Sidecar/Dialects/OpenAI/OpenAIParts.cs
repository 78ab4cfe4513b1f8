using System.Text.Json;
using SpendGuard.Conversations;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>The parts of a content, to tell calls apart: of both formats, which name the same things otherwise.</summary>
internal static class OpenAIParts
{
    public static IEnumerable<ConversationPart> Of(JsonElement part) => part.TextOf("type") switch
    {
        "text" or "input_text" or "output_text" => [ConversationPart.Said(part.TextOf("text"))],
        "refusal" => [ConversationPart.Said(part.TextOf("refusal"))],
        _ => [ConversationPart.Other(part, "prompt_cache_breakpoint")],
    };
}
