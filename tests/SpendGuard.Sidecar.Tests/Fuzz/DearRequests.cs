namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Valid requests for which the model's maximum input is held, or that run the model several times: few budgets pay for them.</summary>
internal static class DearRequests
{
    public static string[] Chat { get; } =
    [
        """{"model":"gpt-audio","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},{"type":"file","file":{"file_id":"f"}}]}],"modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"},"max_completion_tokens":30}""",
    ];

    public static string[] Responses { get; } =
    [
        """{"model":"gpt-5","input":"Hi","previous_response_id":"r","tools":[{"type":"web_search","filters":{"allowed_domains":["x.org"]}},{"type":"local_shell"}],"max_tool_calls":2,"max_output_tokens":20}""",
        """{"model":"gpt-5","input":[{"type":"item_reference","id":"m"},{"role":"user","content":[{"type":"input_file","file_id":"f"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAA8AAAAIcCAIAAAA="}]}],"max_output_tokens":20}""",
        """{"model":"gpt-5","input":"Hi","tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"web_search"},{"type":"custom","name":"c"}],"tool_choice":{"type":"function","name":"f"},"max_tool_calls":2}""",
    ];

    public static string[] Anthropic { get; } =
    [
        """{"model":"claude-sonnet-5","messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"},"citations":{"enabled":true}},{"type":"tool_addition","tool":{"type":"tool_definition","definition":{"name":"f","input_schema":{}}}}]}],"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":2,"allowed_callers":["direct"]}],"inference_geo":"us","speed":"standard","max_tokens":64}""",
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":64,"tools":[{"name":"f","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search","max_uses":2},{"type":"web_search_20250305","name":"again"}],"tool_choice":{"type":"tool","name":"f"}}""",
    ];

    public static string[] Gemini { get; } =
    [
        """{"contents":[{"parts":[{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgoAAAANSUhEUgAAA8AAAAIcCAIAAAA="}},{"fileData":{"fileUri":"x"}},{"inlineData":{"mimeType":"application/pdf","data":"AA"},"videoMetadata":{"fps":1}}]}]}""",
    ];
}
