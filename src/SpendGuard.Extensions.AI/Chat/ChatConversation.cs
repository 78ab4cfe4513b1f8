using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.AI;
using SpendGuard.Conversations;
using SpendGuard.Pricing;

namespace SpendGuard.Extensions.AI;

/// <summary>The conversation of a chat call in the form by which calls are told apart.</summary>
internal static class ChatConversation
{
    /// <summary>The fingerprint of a call; null where the provider keeps a part of its conversation.</summary>
    public static CallFingerprint? FingerprintOf(ChatRequest request, ModelKey model) => request.Options.ConversationId is not null ? null : ConversationEnd.FingerprintOf(
        model,
        [
            new ConversationMessage(isModels: false, [ConversationPart.Said(request.Options.Instructions)]),
            .. request.Messages.Select(message => new ConversationMessage(message.Role == ChatRole.Assistant, message.Contents.SelectMany(PartsOf))),
        ]);

    private static IEnumerable<ConversationPart> PartsOf(AIContent content) => content switch
    {
        TextContent text => [ConversationPart.Said(text.Text)],
        TextReasoningContent or UsageContent => [],
        FunctionCallContent call => [ConversationPart.ToolCall(call.Name, Json(call.Arguments, typeof(IDictionary<string, object?>)))],
        FunctionResultContent { Result: AIContent result } => [ConversationPart.ToolResult(), .. PartsOf(result)],
        FunctionResultContent { Result: IEnumerable<AIContent> results } => [ConversationPart.ToolResult(), .. results.SelectMany(PartsOf)],
        FunctionResultContent result => [ConversationPart.ToolResult(result.Result as string ?? Json(result.Result, typeof(object)))],
        ErrorContent error => [ConversationPart.Said(error.Message)],
        DataContent data => [ConversationPart.Said(Convert.ToHexString(SHA256.HashData(data.Data.Span)))],
        UriContent address => [ConversationPart.Said(address.Uri.OriginalString)],
        HostedFileContent file => [ConversationPart.Said(file.FileId)],
        _ => [ConversationPart.Unseen],
    };

    private static string? Json(object? value, Type type) =>
        value is null ? null : JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(type));
}
