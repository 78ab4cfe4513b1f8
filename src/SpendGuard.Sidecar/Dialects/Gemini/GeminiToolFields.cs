using SpendGuard.Sidecar.Dialects.Fields;
using static SpendGuard.Sidecar.Dialects.Fields.FieldKind;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>The tools of a <c>generateContent</c> request. Which fields an object has tells what tools it is.</summary>
internal static class GeminiToolFields
{
    private const string Text = "It is input.";
    private const string Search = "Each search has a fee, and no field of a request limits how many there are.";
    private const string Loop = "The provider runs it as often as the model likes.";

    public static FieldTable Tool { get; } = FieldTable.InAnySpelling(
        new("functionDeclarations", Bound, "The caller runs them.", FieldTable.InAnySpelling(
            new("name", Bound, Text),
            new("description", Bound, Text),
            new("parameters", Bound, Text),
            new("parametersJsonSchema", Bound, Text),
            new("response", Bound, Text),
            new("responseJsonSchema", Bound, Text),
            new("behavior", Free))),
        new("googleSearch", Refused, Search),
        new("googleSearchRetrieval", Refused, Search),
        new("enterpriseWebSearch", Refused, Search),
        new("googleMaps", Refused, Loop),
        new("urlContext", Refused, Loop),
        new("codeExecution", Refused, Loop),
        new("fileSearch", Refused, Loop),
        new("retrieval", Refused, Loop),
        new("mcpServers", Refused, Loop),
        new("exaAiSearch", Refused, Loop),
        new("parallelAiSearch", Refused, Loop),
        new("computerUse", Refused, "What the provider adds to the input for it is not published."));

    public static FieldTable Config { get; } = FieldTable.InAnySpelling(
        new("functionCallingConfig", Free, Of: FieldTable.InAnySpelling(
            new("mode", Free),
            new("allowedFunctionNames", Free),
            new("streamFunctionCallArguments", Free))),
        new("retrievalConfig", Free, "Tools that search are refused.", FieldTable.InAnySpelling(
            new("languageCode", Free),
            new("latLng", Free, Of: FieldTable.InAnySpelling(
                new("latitude", Free),
                new("longitude", Free))))),
        new("includeServerSideToolInvocations", Free, "Tools that the provider runs are refused."));
}
