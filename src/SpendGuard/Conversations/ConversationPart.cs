using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SpendGuard.Conversations;

/// <summary>A part of a message in a form that all wire formats have in common. Ids that providers make up, and signatures, have no place in it.</summary>
[Experimental(ApiTier.Adapters)]
public sealed class ConversationPart
{
    private ConversationPart(PartKind kind, string? text = null, JsonElement? json = null, string? name = null, IReadOnlyList<string>? leftOut = null)
    {
        Kind = kind;
        Text = text;
        Json = json;
        Name = name;
        LeftOut = leftOut ?? [];
    }

    /// <summary>What cannot be seen, such as an item that the provider has stored: a call that ends with it is not told from others.</summary>
    public static ConversationPart Unseen { get; } = new(PartKind.Unseen);

    internal PartKind Kind { get; }

    internal string? Name { get; }

    internal string? Text { get; }

    internal JsonElement? Json { get; }

    /// <summary>The fields of <see cref="Json"/> that are left out.</summary>
    internal IReadOnlyList<string> LeftOut { get; }

    /// <summary>Text that somebody has said.</summary>
    public static ConversationPart Said(string? text) => new(PartKind.Text, text);

    /// <summary>A call of a tool, which the model asks for.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">Its arguments: JSON as a rule, in which neither order nor white space matters.</param>
    public static ConversationPart ToolCall(string? name, string? arguments) => new(PartKind.ToolCall, arguments, name: name);

    /// <inheritdoc cref="ToolCall(string?, string?)"/>
    public static ConversationPart ToolCall(string? name, JsonElement? arguments) => arguments is { ValueKind: JsonValueKind.String } text
        ? ToolCall(name, FingerprintHash.TextOf(text))
        : new(PartKind.ToolCall, json: arguments, name: name);

    /// <summary>What a tool has answered; or the beginning of it, where more parts follow.</summary>
    public static ConversationPart ToolResult(string? text = null) => new(PartKind.ToolResult, text);

    /// <summary>Anything else, such as an image with its address or bytes.</summary>
    /// <param name="json">What it is.</param>
    /// <param name="leftOut">The names of its own fields that differ from call to call, whatever it is.</param>
    public static ConversationPart Other(JsonElement json, params IReadOnlyList<string> leftOut) => new(PartKind.Other, json: json, leftOut: leftOut);
}
