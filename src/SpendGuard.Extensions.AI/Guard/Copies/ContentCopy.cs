using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Copies contents down to what cannot change, so that what is priced is what is sent.</summary>
/// <param name="keepsUnknownRaws">Whether the adapter may send objects of SDKs that are not known. Where it does not, they are left out.</param>
internal sealed class ContentCopy(bool keepsUnknownRaws)
{
    public List<AIContent> Of(IEnumerable<AIContent> contents) => [.. contents.Select(Of)];

    /// <summary>A content that shares nothing with the caller but what cannot change, or has no bound and is refused for it.</summary>
    public AIContent Of(AIContent content)
    {
        var copy = Copy(content);
        if (!ReferenceEquals(copy, content))
        {
            copy.Annotations = content.Annotations;
            copy.AdditionalProperties = content.AdditionalProperties?.Clone();
            copy.RawRepresentation = Raw(content.RawRepresentation);
        }

        return copy;
    }

    public object? Raw(object? raw) => raw is null || keepsUnknownRaws || RawInput.IsKnown(raw) ? raw : null;

    private AIContent Copy(AIContent content) => content switch
    {
        TextContent text => new TextContent(text.Text),
        TextReasoningContent reasoning => new TextReasoningContent(reasoning.Text) { ProtectedData = reasoning.ProtectedData },
        FunctionCallContent call => new FunctionCallContent(call.CallId, call.Name, Arguments(call.Arguments))
        {
            Exception = call.Exception,
            InformationalOnly = call.InformationalOnly,
        },
        FunctionResultContent result => new FunctionResultContent(result.CallId, Result(result.Result)) { Exception = result.Exception },
        ErrorContent error => new ErrorContent(error.Message) { ErrorCode = error.ErrorCode, Details = error.Details },
        DataContent data => new DataContent(data.Data.ToArray(), data.MediaType) { Name = data.Name },
        UriContent uri => new UriContent(uri.Uri, uri.MediaType),
        _ => content,
    };

    private static Dictionary<string, object?>? Arguments(IDictionary<string, object?>? arguments) =>
        arguments?.ToDictionary(argument => argument.Key, argument => Frozen(argument.Value), StringComparer.Ordinal);

    private object? Result(object? result) => result switch
    {
        IEnumerable<AIContent> contents => Of(contents),
        AIContent content => Of(content),
        _ => Frozen(result),
    };

    /// <summary>A value that does not change any more: adapters send of any other what it is as JSON.</summary>
    private static object? Frozen(object? value) => value switch
    {
        null or string or bool or Enum or byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal
            or char or Guid or DateTime or DateTimeOffset or TimeSpan or Uri => value,
        JsonElement element => element.Clone(),
        _ => JsonSerializer.SerializeToElement(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))),
    };
}
