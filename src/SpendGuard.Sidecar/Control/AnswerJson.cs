using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Control;

/// <summary>Writes answers without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(Health))]
internal sealed partial class AnswerJson : JsonSerializerContext
{
    /// <summary>Without escapes that only HTML needs, as people read refusals in a terminal.</summary>
    public static AnswerJson Readable { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>The answer of the liveness route.</summary>
internal sealed record Health([property: JsonPropertyName("status")] string Status);
