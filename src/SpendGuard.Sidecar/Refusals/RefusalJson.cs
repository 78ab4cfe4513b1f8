using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SpendGuard.Sidecar.Refusals;

/// <summary>Writes refusals without reflection.</summary>
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class RefusalJson : JsonSerializerContext
{
    /// <summary>Without escapes that only HTML needs, as people read refusals in a terminal.</summary>
    public static RefusalJson Readable { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
