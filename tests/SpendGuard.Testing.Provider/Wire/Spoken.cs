using System.Text.Json.Nodes;

namespace SpendGuard.Testing.Provider.Wire;

/// <summary>The text in a piece of a conversation, whichever way it is wrapped.</summary>
internal static class Spoken
{
    public static string Of(JsonNode? content) =>
        content.Text() ?? string.Join('\n', content.Objects().Select(part => part["text"].Text()).OfType<string>());
}
