namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Valid requests with as many of the fields as there are.</summary>
internal static class RequestCorpus
{
    public static string[] Chat { get; } =
    [
        """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""",
        """{"model":"gpt-4o","messages":[{"role":"system","content":"Be brief"},{"role":"user","name":"ann","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}}]}],"max_completion_tokens":200,"n":2}""",
        """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}}""",
        """{"model":"gpt-4o","messages":[{"role":"user","content":"Weather?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"sunny"}],"tools":[{"type":"function","function":{"name":"weather","description":"Tells it","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}],"tool_choice":{"type":"function","function":{"name":"weather"}},"parallel_tool_calls":false}""",
        """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}},"max_tokens":10,"max_completion_tokens":20,"service_tier":"auto"}""",
        """{"model":"gpt-5","messages":[{"role":"developer","content":"Think"},{"role":"user","content":"Hi"}],"reasoning_effort":"low","verbosity":"low","service_tier":"flex","max_completion_tokens":50,"stop":["x"],"seed":1}""",
        """{"model":"gpt-4o","messages":[{"role":"assistant","refusal":"no","content":[{"type":"refusal","refusal":"no"}],"reasoning_content":"hm"},{"role":"user","content":"😀 \ud83d\ude00"}],"temperature":0.5,"top_p":1,"logprobs":true,"logit_bias":{"50256":-100}}""",
        """{"model":"gpt-4o","messages":[{"role":"user","content":"f"},{"role":"assistant","function_call":{"name":"f","arguments":"{}"}}],"functions":[{"name":"f","description":"d","parameters":{}}],"function_call":"auto","max_tokens":5}""",
        """{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"Hi","prompt_cache_breakpoint":{"ttl":"30m"}}]}],"prompt_cache_options":{"mode":"explicit","ttl":"30m"},"modalities":["text"],"metadata":{"a":"b"},"store":false}""",
        """{"model":"grok-4","messages":[{"role":"user","content":"Hi"}],"max_tokens":100,"stream":true,"deferred":false,"plugins":[],"web_search_options":null}""",
    ];

    public static string[] Responses { get; } =
    [
        """{"model":"gpt-4o","input":"Hi","max_output_tokens":100}""",
        """{"model":"gpt-4o","input":[{"role":"user","content":"Hi"}],"instructions":"Be brief","stream":true}""",
        """{"model":"gpt-5","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"},{"type":"input_image","image_url":"https://x/y.png"}]}],"reasoning":{"effort":"low","summary":"auto"},"max_output_tokens":500}""",
        """{"model":"gpt-4o","input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"ok"}],"tools":[{"type":"function","name":"f","description":"d","parameters":{"type":"object"}}],"tool_choice":{"type":"function","name":"f"}}""",
        """{"model":"gpt-5","input":[{"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"s"}],"encrypted_content":"AAAA"},{"role":"user","content":"go on"}],"include":["reasoning.encrypted_content"],"store":false}""",
        """{"model":"gpt-4o","input":"Hi","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}},"verbosity":"low"},"service_tier":"priority"}""",
        """{"model":"gpt-4o","input":[{"type":"custom_tool_call","call_id":"c","name":"f","input":"x"},{"type":"custom_tool_call_output","call_id":"c","output":[{"type":"output_text","text":"o","annotations":[{"type":"x"}]}]}],"tools":[{"type":"custom","name":"f"}]}""",
        """{"model":"gpt-4o","input":"Hi","prompt_cache_options":{"ttl":"30m"},"truncation":"auto","metadata":{},"user":"u","background":false,"context_management":[],"temperature":1}""",
        """{"model":"gpt-4o","input":[{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]},{"role":"user","content":"why"}],"max_tool_calls":3,"parallel_tool_calls":true}""",
        """{"model":"gpt-4o","input":"😀","max_output_tokens":16,"service_tier":"default","stream":false,"stream_options":{"include_obfuscation":false}}""",
    ];

    public static string[] Embeddings { get; } =
    [
        """{"model":"text-embedding-3-small","input":"Hi"}""",
        """{"model":"text-embedding-3-small","input":["Hi","there"]}""",
        """{"model":"text-embedding-3-large","input":[1,2,3],"dimensions":256}""",
        """{"model":"text-embedding-3-small","input":[[1,2],[3]],"encoding_format":"base64"}""",
        """{"model":"text-embedding-3-small","input":["Hi",[1]],"user":"u"}""",
    ];

    public static string[] Anthropic { get; } =
    [
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":100}""",
        """{"model":"claude-sonnet-4-5","system":[{"type":"text","text":"Be brief","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":[{"type":"text","text":"What?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}],"max_tokens":200,"stream":true}""",
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Weather?"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"AA"},{"type":"redacted_thinking","data":"BB"},{"type":"tool_use","id":"t","name":"weather","input":{"city":"Rome"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"sunny"}]}]}],"tools":[{"name":"weather","description":"d","input_schema":{"type":"object"}}],"tool_choice":{"type":"auto"},"max_tokens":300}""",
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":3000,"thinking":{"type":"enabled","budget_tokens":2000},"temperature":1,"metadata":{"user_id":"u"}}""",
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":[{"type":"document","title":"t","context":"c","source":{"type":"text","media_type":"text/plain","data":"doc"},"citations":{"enabled":false}}]}],"max_tokens":50,"service_tier":"auto"}""",
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":[{"type":"document","source":{"type":"content","content":[{"type":"text","text":"x"}]}},{"type":"search_result","source":"s","title":"t","content":[{"type":"text","text":"y"}]}]}],"max_tokens":50}""",
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"ls"}],"tools":[{"type":"bash_20250124","name":"bash"},{"type":"custom","name":"c","input_schema":{}}],"max_tokens":50,"inference_geo":"global","speed":"standard"}""",
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Hi"}],"output_config":{"effort":"low","format":{"type":"json_schema","schema":{}}},"max_tokens":50,"cache_control":{"type":"ephemeral"}}""",
        """{"model":"claude-haiku-4-5","system":"Be brief","messages":[{"role":"user","content":"😀"},{"role":"assistant","content":"{"}],"max_tokens":1,"stop_sequences":["}"],"top_k":5,"top_p":0.9}""",
        """{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"Hi"}],"max_tokens":64,"fallbacks":[],"context_management":null,"mcp_servers":[],"container":null}""",
    ];

    public static string[] Gemini { get; } =
    [
        """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"maxOutputTokens":100}}""",
        """{"contents":{"parts":{"text":"Hi"}},"generation_config":{"max_output_tokens":100,"candidate_count":2}}""",
        """{"contents":[{"parts":[{"text":"What?"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}],"systemInstruction":{"parts":[{"text":"Be brief"}]}}""",
        """{"contents":[{"role":"model","parts":[{"functionCall":{"name":"f","args":{"x":1}},"thoughtSignature":"AA"}]},{"role":"user","parts":[{"functionResponse":{"name":"f","id":"i","response":{"ok":true}}}]}],"tools":[{"functionDeclarations":[{"name":"f","description":"d","parameters":{"type":"OBJECT"}}]}],"toolConfig":{"functionCallingConfig":{"mode":"AUTO"}}}""",
        """{"contents":[{"parts":[{"text":"Hi"}]}],"generationConfig":{"responseSchema":{"type":"OBJECT"},"responseMimeType":"application/json","responseModalities":["TEXT"],"candidateCount":1,"temperature":0.5,"topP":1,"topK":3,"seed":7}}""",
        """{"contents":[{"parts":[{"text":"Hi","thought":true}]}],"service_tier":"SERVICE_TIER_STANDARD","safetySettings":[{"category":"x","threshold":"y"}],"labels":{"a":"b"}}""",
        """{"contents":[{"parts":[{"text":"Hi"}]}],"serviceTier":"flex","generationConfig":{"thinkingConfig":{"thinkingBudget":100},"maxOutputTokens":2000},"cachedContent":null}""",
        """{"model":"models/gemini-2.5-flash","contents":[{"parts":[{"text":"😀"}]}],"generationConfig":{"mediaResolution":"MEDIA_RESOLUTION_LOW","stopSequences":["x"]}}""",
        """{"contents":[{"parts":[{"text":"Hi"}]}],"tools":{"function_declarations":{"name":"f"}},"system_instruction":{"parts":{"text":"s"}},"generation_config":null}""",
        """{"contents":[{"parts":[{"function_response":{"name":"f","response":{},"parts":[{"inline_data":{"mime_type":"image/jpeg","data":"AA"}}],"will_continue":false}}]}],"generationConfig":{}}""",
    ];

    public static string[] GeminiPrompt { get; } =
    [
        """{"model":"gemini-2.5-flash","prompt":"Hi"}""",
        """{"model":"models/gemini-2.5-flash","prompt":"Hi","max_tokens":100,"temperature":0.5}""",
        """{"model":"gemini-2.5-pro","prompt":"😀 \ud83d\ude00","max_tokens":1,"temperature":0}""",
    ];
}
