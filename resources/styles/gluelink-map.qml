<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis styleCategories="Symbology" version="3.22.16-Białowieża">
  <pipe-data-defined-properties>
    <Option type="Map">
      <Option value="" type="QString" name="name"/>
      <Option name="properties"/>
      <Option value="collection" type="QString" name="type"/>
    </Option>
  </pipe-data-defined-properties>
  <pipe>
    <provider>
      <resampling zoomedInResamplingMethod="nearestNeighbour" maxOversampling="2" enabled="false" zoomedOutResamplingMethod="nearestNeighbour"/>
    </provider>
    <rasterrenderer type="singlebandpseudocolor" classificationMin="0" nodataColor="" band="1" opacity="1" alphaBand="-1" classificationMax="1">
      <minMaxOrigin>
        <limits>CumulativeCut</limits>
        <extent>UpdatedCanvas</extent>
        <statAccuracy>Estimated</statAccuracy>
        <cumulativeCutLower>0.02</cumulativeCutLower>
        <cumulativeCutUpper>1</cumulativeCutUpper>
        <stdDevFactor>2</stdDevFactor>
      </minMaxOrigin>
      <rastershader>
        <colorrampshader classificationMode="1" maximumValue="1" minimumValue="0" labelPrecision="6" colorRampType="INTERPOLATED" clip="0">
          <colorramp type="gradient" name="[source]">
            <Option type="Map">
              <Option value="20,11,53,0" type="QString" name="color1"/>
              <Option value="252,255,175,250" type="QString" name="color2"/>
              <Option value="0" type="QString" name="discrete"/>
              <Option value="gradient" type="QString" name="rampType"/>
              <Option value="0.0416667;20,11,53,0:0.0833333;21,11,54,1:0.125;23,11,56,3:0.166667;26,11,60,7:0.208333;30,11,65,12:0.25;36,12,72,18:0.291667;43,12,81,27:0.333333;52,13,91,38:0.375;65,15,94,55:0.416667;80,19,98,74:0.458333;98,23,103,97:0.5;118,28,108,123:0.541667;137,35,103,143:0.583333;158,43,95,165:0.625;182,53,86,189:0.666667;200,68,71,204:0.708333;218,87,54,217:0.75;237,107,36,230:0.791667;242,131,25,234:0.833333;249,156,14,239:0.875;250,180,29,242:0.916667;249,204,58,244:0.958333;249,229,109,247" type="QString" name="stops"/>
            </Option>
            <prop v="20,11,53,0" k="color1"/>
            <prop v="252,255,175,250" k="color2"/>
            <prop v="0" k="discrete"/>
            <prop v="gradient" k="rampType"/>
            <prop v="0.0416667;20,11,53,0:0.0833333;21,11,54,1:0.125;23,11,56,3:0.166667;26,11,60,7:0.208333;30,11,65,12:0.25;36,12,72,18:0.291667;43,12,81,27:0.333333;52,13,91,38:0.375;65,15,94,55:0.416667;80,19,98,74:0.458333;98,23,103,97:0.5;118,28,108,123:0.541667;137,35,103,143:0.583333;158,43,95,165:0.625;182,53,86,189:0.666667;200,68,71,204:0.708333;218,87,54,217:0.75;237,107,36,230:0.791667;242,131,25,234:0.833333;249,156,14,239:0.875;250,180,29,242:0.916667;249,204,58,244:0.958333;249,229,109,247" k="stops"/>
          </colorramp>
          <item value="0" color="#140b35" label="0" alpha="0"/>
          <item value="0.0416666666666667" color="#140b35" label="0.0417" alpha="0"/>
          <item value="0.0833333333333333" color="#150b36" label="0.0833" alpha="1"/>
          <item value="0.125" color="#170b38" label="0.125" alpha="3"/>
          <item value="0.166666666666667" color="#1a0b3c" label="0.167" alpha="7"/>
          <item value="0.208333333333333" color="#1e0b41" label="0.208" alpha="12"/>
          <item value="0.25" color="#240c48" label="0.25" alpha="18"/>
          <item value="0.291666666666667" color="#2b0c51" label="0.292" alpha="27"/>
          <item value="0.333333333333333" color="#340d5b" label="0.333" alpha="38"/>
          <item value="0.375" color="#410f5e" label="0.375" alpha="55"/>
          <item value="0.416666666666667" color="#501362" label="0.417" alpha="74"/>
          <item value="0.458333333333333" color="#621767" label="0.458" alpha="97"/>
          <item value="0.5" color="#761c6c" label="0.5" alpha="123"/>
          <item value="0.541666666666667" color="#892367" label="0.542" alpha="143"/>
          <item value="0.583333333333333" color="#9e2b5f" label="0.583" alpha="165"/>
          <item value="0.625" color="#b63556" label="0.625" alpha="189"/>
          <item value="0.666666666666667" color="#c84447" label="0.667" alpha="204"/>
          <item value="0.708333333333333" color="#da5736" label="0.708" alpha="217"/>
          <item value="0.75" color="#ed6b24" label="0.75" alpha="230"/>
          <item value="0.791666666666667" color="#f28319" label="0.792" alpha="234"/>
          <item value="0.833333333333333" color="#f99c0e" label="0.833" alpha="239"/>
          <item value="0.875" color="#fab41d" label="0.875" alpha="242"/>
          <item value="0.916666666666667" color="#f9cc3a" label="0.917" alpha="244"/>
          <item value="0.958333333333333" color="#f9e56d" label="0.958" alpha="247"/>
          <item value="1" color="#fcffaf" label="1" alpha="250"/>
          <rampLegendSettings minimumLabel="" maximumLabel="" suffix="" direction="0" useContinuousLegend="1" prefix="" orientation="2">
            <numericFormat id="basic">
              <Option type="Map">
                <Option value="" type="QChar" name="decimal_separator"/>
                <Option value="2" type="int" name="decimals"/>
                <Option value="0" type="int" name="rounding_type"/>
                <Option value="false" type="bool" name="show_plus"/>
                <Option value="true" type="bool" name="show_thousand_separator"/>
                <Option value="true" type="bool" name="show_trailing_zeros"/>
                <Option value="" type="QChar" name="thousand_separator"/>
              </Option>
            </numericFormat>
          </rampLegendSettings>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast gamma="1" contrast="0" brightness="0"/>
    <huesaturation saturation="0" invertColors="0" colorizeStrength="100" grayscaleMode="0" colorizeRed="255" colorizeBlue="128" colorizeGreen="128" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
    <resamplingStage>resamplingFilter</resamplingStage>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
