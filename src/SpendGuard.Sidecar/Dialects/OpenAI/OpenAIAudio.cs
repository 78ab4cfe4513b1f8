using System.Text.Json;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>Whether a chat completion has audio in it, which has prices of its own.</summary>
internal static class OpenAIAudio
{
    /// <summary>Whether audio goes in: in a part, or as what an earlier answer said.</summary>
    public static bool IsInput(JsonElement body) => body.FindArray("messages").Any(message =>
        message.Find("audio") is not null
        || (message.Find("content") is { ValueKind: JsonValueKind.Array } parts
            && parts.EnumerateArray().Any(part => part.Find("type")?.TextOrNull() == "input_audio")));

    /// <summary>Whether audio may come out.</summary>
    /// <exception cref="BadRequestException">Something is asked for that is neither text nor audio.</exception>
    public static bool IsOutput(JsonElement body)
    {
        var isOutput = body.Find("audio") is not null;
        foreach (var modality in body.FindArray("modalities"))
        {
            isOutput |= modality.ValueKind == JsonValueKind.String && modality.ValueEquals("audio"u8);
            if (modality.ValueKind != JsonValueKind.String || !(modality.ValueEquals("text"u8) || modality.ValueEquals("audio"u8)))
            {
                throw new BadRequestException("Field 'modalities' is refused unless it names text and audio: other output is not priced. Leave it out.");
            }
        }

        return isOutput;
    }
}
