using System.Text.Json;
using Microsoft.Extensions.AI;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Bounds the input of a chat call, content by content.</summary>
internal sealed class ChatInputBound(ModelKey model, TokenCounters counters, FeatureGate features, SharedRaws shared)
{
    private readonly InputBound _bound = new(model, counters);

    /// <summary>All that has been added.</summary>
    public InputBound All => _bound;

    public long Tokens => _bound.Tokens;

    public string? UnseenInput => _bound.UnseenInput;

    /// <summary>Whether a content has properties that an adapter may turn into a mark for the provider's cache.</summary>
    public bool MayMarkCache { get; private set; }

    public void Add(IReadOnlyList<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            MayMarkCache |= message.AdditionalProperties is { Count: > 0 };
            var before = _bound.Mark();
            _bound.AddMessage(message.AuthorName, message.Role.Value);
            Add(message.Contents);
            AddRest(message.RawRepresentation, before, json => json.TryGetProperty("role", out _));
        }
    }

    public void Add(ChatOptions options)
    {
        if (options.Instructions is { } instructions)
        {
            _bound.AddMessage().AddText(instructions);
        }

        foreach (var tool in options.Tools?.OfType<AIFunctionDeclaration>() ?? [])
        {
            MayMarkCache |= tool.AdditionalProperties.Count > 0;
            _bound.AddTool(tool.Name, tool.Description, tool.JsonSchema.GetRawText());
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } format)
        {
            _bound.AddTool(format.SchemaName ?? "", format.SchemaDescription, schema.GetRawText());
        }
    }

    private void Add(IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
        {
            MayMarkCache |= content.AdditionalProperties is { Count: > 0 };
            var before = _bound.Mark();
            Add(content);
            AddRest(content.RawRepresentation, before, _ => true);
        }
    }

    /// <summary>Adds what the SDK's own object has more than what was added for the message or content that carries it.</summary>
    private void AddRest(object? raw, InputMark before, Func<JsonElement, bool> isSent)
    {
        if (raw is null)
        {
            return;
        }

        if (!RawInput.IsKnown(raw))
        {
            _bound.AddUnseen("RawRepresentation");
            return;
        }

        if (RawInput.Write(raw) is not { } json)
        {
            return;
        }

        using var said = JsonDocument.Parse(json);
        if (said.RootElement.ValueKind != JsonValueKind.Object || !isSent(said.RootElement))
        {
            return;
        }

        if (!RawInput.IsText(said.RootElement))
        {
            features.Pass("RawRepresentation", "It is sent in place of the content that carries it, and has more than text.");
        }

        shared.Add(raw, json);
        _bound.AddRest(json, before);
    }

    private void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                _bound.AddText(text.Text);
                break;
            case TextReasoningContent reasoning:
                _bound.AddText(reasoning.Text).AddText(reasoning.ProtectedData);
                break;
            case FunctionCallContent call:
                _bound.AddMessage(call.Name).AddText(call.CallId).AddText(Json(call.Arguments, typeof(IDictionary<string, object?>)));
                break;
            case FunctionResultContent result:
                _bound.AddMessage().AddText(result.CallId).AddText(result.Result as string ?? Json(result.Result, typeof(object)));
                Add(result.Result as IEnumerable<AIContent> ?? (result.Result is AIContent single ? [single] : []));
                break;
            case ErrorContent error:
                _bound.AddText(error.Message).AddText(error.Details).AddText(error.ErrorCode);
                break;
            case DataContent image when image.HasTopLevelMediaType("image"):
                _bound.AddImage(ImageSize.Read(image.Data.Span));
                break;
            case UriContent image when image.HasTopLevelMediaType("image"):
                _bound.AddImage();
                break;
            case UsageContent:
                break;
            default:
                features.Pass(content);
                break;
        }
    }

    private static string? Json(object? value, Type type) =>
        value is null ? null : JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(type));
}
