using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>Bounds the input of a <c>generateContent</c> request.</summary>
internal static class GeminiInput
{
    public static void Add(InputBound bound, JsonElement body, JsonElement? config)
    {
        if (body.FindField("contents") is null)
        {
            throw new BadRequestException("'contents' is missing. Give the contents to answer.");
        }

        if (body.FindObjectField("systemInstruction") is { } system)
        {
            AddContent(bound, system);
        }

        foreach (var content in body.FindItems("contents"))
        {
            AddContent(bound, content);
        }

        foreach (var tool in body.FindItems("tools"))
        {
            AddTool(bound, tool);
        }

        foreach (var name in (ReadOnlySpan<string>)["responseSchema", "responseJsonSchema", "responseFormat"])
        {
            if (config?.FindField(name) is { } schema)
            {
                bound.AddJson(schema);
            }
        }
    }

    private static void AddContent(InputBound bound, JsonElement content)
    {
        bound.AddMessage(role: content.FindTextField("role"));
        foreach (var part in content.FindItems("parts"))
        {
            AddPart(bound.AddMessage(), part);
        }
    }

    private static void AddPart(InputBound bound, JsonElement part)
    {
        foreach (var field in part.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
        {
            switch (ProtoNames.Plain(field.Name))
            {
                case "text" or "thoughtsignature":
                    bound.AddText(part.FindTextField(field.Name));
                    break;
                case "inlinedata":
                    AddInlineData(bound, field.Value.RequireObject(field.Name));
                    break;
                case "functionresponse":
                    AddFunctionResponse(bound, field.Value.RequireObject(field.Name));
                    break;
                case "filedata":
                    bound.AddUnseen("a stored file");
                    break;
                case "videometadata" or "mediaprocessing":
                    bound.AddUnseen("video");
                    break;
                case "thought" or "mediaresolution":
                    break;
                default:
                    bound.AddJson(field.Value);
                    break;
            }
        }
    }

    private static void AddInlineData(InputBound bound, JsonElement data)
    {
        bound.AddText(data.FindTextField("displayName"));
        if (GeminiMedia.IsImage(data))
        {
            bound.AddImage(InlineImage.SizeOf(data.FindTextField("data")));
        }
        else
        {
            bound.AddUnseen($"inline data of type '{data.FindTextField("mimeType")}'");
        }
    }

    private static void AddFunctionResponse(InputBound bound, JsonElement response)
    {
        bound.AddTool(
            response.FindTextField("name") ?? "", response.FindTextField("id"), response.FindField("response")?.GetRawText() ?? "");
        foreach (var part in response.FindItems("parts"))
        {
            AddPart(bound.AddMessage(), part);
        }
    }

    private static void AddTool(InputBound bound, JsonElement tool)
    {
        foreach (var function in tool.FindItems("functionDeclarations"))
        {
            bound.AddTool(
                function.FindTextField("name") ?? "", function.FindTextField("description"), function.GetRawText());
        }
    }
}
