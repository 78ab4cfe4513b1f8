using System.Text.Json;
using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>What kind of media is in the parts of a Gemini request.</summary>
internal static class GeminiMedia
{
    /// <summary>Whether inline data is an image, by what it says of itself.</summary>
    public static bool IsImage(JsonElement data) => Says(data, "image/");

    /// <summary>Whether there may be audio, which has prices of its own. Video has sound, and what a stored file is cannot be seen.</summary>
    public static bool HasAudio(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(field => MayBeAudio(field) || HasAudio(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasAudio),
        _ => false,
    };

    private static bool MayBeAudio(JsonProperty field) => ProtoNames.Plain(field.Name) switch
    {
        "filedata" => field.Value.ValueKind != JsonValueKind.Null,
        "inlinedata" => field.Value.ValueKind == JsonValueKind.Object
            && !(IsImage(field.Value) || Says(field.Value, "application/pdf") || Says(field.Value, "text/")),
        _ => false,
    };

    private static bool Says(JsonElement data, string type) =>
        data.FindTextField("mimeType")?.StartsWith(type, StringComparison.OrdinalIgnoreCase) == true;
}
